/**
 * The gateway on the wire: OpenAI's image routes, the published catalogue, credits and health.
 * {@link dev.imagerelay.adapters.http.RelayHttpServer} is all that others need to see.
 */
package dev.imagerelay.adapters.http;
