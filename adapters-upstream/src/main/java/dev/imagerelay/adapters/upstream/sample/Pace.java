package dev.imagerelay.adapters.upstream.sample;

import java.time.Duration;

/** How time passes while the sample upstream pretends to work. */
interface Pace {
    /** Returns once this much time has passed. */
    void pass(Duration time) throws InterruptedException;
}
