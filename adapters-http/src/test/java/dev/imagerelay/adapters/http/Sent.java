package dev.imagerelay.adapters.http;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Flow;

/** Takes the body of a request from whoever sent it, once more. */
record Sent(BodySubscriber<String> text) implements Flow.Subscriber<ByteBuffer> {

    /** The body as a text; empty if it has none. */
    static String by(HttpRequest request) {
        return request.bodyPublisher().map(body -> {
            Sent sent = new Sent(BodySubscribers.ofString(StandardCharsets.UTF_8));
            body.subscribe(sent);
            return sent.text.getBody().toCompletableFuture().join();
        }).orElse("");
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        text.onSubscribe(subscription);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        text.onNext(List.of(bytes));
    }

    @Override
    public void onError(Throwable error) {
        text.onError(error);
    }

    @Override
    public void onComplete() {
        text.onComplete();
    }
}
