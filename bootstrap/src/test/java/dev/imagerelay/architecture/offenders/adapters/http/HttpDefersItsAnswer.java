package dev.imagerelay.architecture.offenders.adapters.http;

import io.javalin.http.Context;

class HttpDefersItsAnswer {

    void handle(Context context) {
        context.future(() -> null);
    }
}
