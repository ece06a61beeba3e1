package dev.imagerelay.architecture.offenders.adapters.telemetry;

import dev.imagerelay.architecture.offenders.adapters.upstream.Upstream;

class TelemetryKnowsUpstream {

    Upstream upstream;
}
