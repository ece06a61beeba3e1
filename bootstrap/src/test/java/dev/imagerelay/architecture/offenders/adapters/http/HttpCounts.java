package dev.imagerelay.architecture.offenders.adapters.http;

import io.micrometer.core.instrument.Counter;

class HttpCounts {

    Counter counter;
}
