package dev.imagerelay.architecture.offenders.adapters.http;

import dev.imagerelay.architecture.offenders.adapters.upstream.Upstream;

class HttpKnowsUpstream {

    Upstream upstream;
}
