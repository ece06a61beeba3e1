package dev.imagerelay.bootstrap;

import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.application.port.out.Unsettled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tells whether the gateway can serve, and if not, why, in words for its operator. */
final class Readiness {

    private final Database database;
    private final Unsettled unsettled;
    private final Path spool;
    private volatile boolean serving;

    /** Not ready before it is told that it serves. */
    Readiness(Database database, Unsettled unsettled, Path spool) {
        this.database = database;
        this.unsettled = unsettled;
        this.spool = spool;
    }

    /** It is served from now on, or no more. */
    void serving(boolean serving) {
        this.serving = serving;
    }

    boolean isReady() {
        return reasons().isEmpty();
    }

    /** What stands in the way; empty if nothing does. An upstream's trouble is none of it. */
    List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        if (!serving) {
            reasons.add("the gateway is starting or stopping");
        }
        if (!database.isWritable()) {
            reasons.add("the database is away");
        }
        int waiting = unsettled.endings().size();
        if (waiting > 0) {
            reasons.add(waiting + " relays that have ended wait for the books");
        }
        if (!Files.isWritable(spool)) {
            reasons.add("the spool directory cannot be written to");
        }
        return List.copyOf(reasons);
    }
}
