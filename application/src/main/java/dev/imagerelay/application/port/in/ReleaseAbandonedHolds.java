package dev.imagerelay.application.port.in;

/** Gives back what a process that is gone has left behind. */
public interface ReleaseAbandonedHolds {

    /**
     * Releases every hold there is. To be called when no relay can be in flight: at the start of the only gateway on a
     * ledger, before it serves.
     *
     * @return how many holds were released
     */
    int releaseAll();
}
