/**
 * The gateway on the wire: OpenAI's image routes, the published catalogue, results, credits and health, by
 * {@link dev.imagerelay.adapters.http.RelayHttpServer}; and its administration, by
 * {@link dev.imagerelay.adapters.http.AdminHttpServer}. That is all that others need to see. What each can be asked is
 * written down in {@code openapi.yaml} and {@code openapi-admin.yaml} beside this; the tests hold it to that.
 *
 * <p>Of a request's headers these are honoured, besides those by which HTTP itself works ({@code Host},
 * {@code Connection}, {@code Content-Length}, {@code Transfer-Encoding}):
 *
 * <ul>
 *   <li>{@code Authorization}: one bearer key, wherever a caller is needed;
 *   <li>{@code Content-Type}: of a body, {@code application/json} in UTF-8;
 *   <li>{@code Content-Encoding}: of a body, refused unless it is {@code identity};
 *   <li>{@code Expect}: {@code 100-continue}; any other is refused by the server with 417;
 *   <li>{@code x-max-credits}: the most an order may cost;
 *   <li>{@code Idempotency-Key}: of an order, by which it is recognised if it is given again;
 *   <li>{@code X-Stainless-Retry-Count}: of an order without such a key, whether an SDK sends it again;
 *   <li>{@code traceparent}: of an order, by which its trace goes on in ours;
 *   <li>{@code Origin}, {@code Access-Control-Request-Method}, {@code Access-Control-Request-Headers}: only where
 *       origins are allowed.
 * </ul>
 *
 * <p>Every other one is accepted and ignored, such as {@code Accept}, {@code Accept-Encoding}, {@code Cookie},
 * {@code Upgrade}, {@code HTTP2-Settings}, {@code OpenAI-Organization}, {@code OpenAI-Project}, the rest of
 * {@code X-Stainless-*}, and {@code X-Forwarded-*}. None goes on to an upstream.
 *
 * <p>The headers of an answer are all our own, besides {@code Date} and those by which HTTP works:
 * {@code Content-Type}, {@code x-request-id}, {@code X-Content-Type-Options}; the receipt ({@code x-credits-charged},
 * {@code x-credits-remaining}, {@code x-images-delivered}, {@code x-price-version});
 * {@code Idempotency-Replayed} and {@code x-original-request-id} of a result that is given again; {@code Cache-Control}
 * and {@code X-Accel-Buffering} of a stream; {@code WWW-Authenticate}, {@code Allow}, {@code Retry-After},
 * {@code retry-after-ms} and {@code x-should-retry} of errors; {@code x-ratelimit-*}, {@code RateLimit} and
 * {@code RateLimit-Policy} where an order's caller has limits; and those of CORS. Of an upstream's headers none is passed on but the type of its
 * body and, within a minute, its {@code Retry-After}.
 */
package dev.imagerelay.adapters.http;
