package dev.imagerelay.architecture.offenders.adapters.upstream;

import io.javalin.http.Context;

class UpstreamKnowsTheServer {

    Context context;
}
