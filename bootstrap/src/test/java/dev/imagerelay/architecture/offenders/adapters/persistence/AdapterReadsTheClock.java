package dev.imagerelay.architecture.offenders.adapters.persistence;

import java.time.Instant;

class AdapterReadsTheClock {

    Instant now = Instant.now();
}
