package dev.imagerelay.application.port.in;

/** Tidies the books up: to be called every few seconds while a gateway serves, and once before it does. */
public interface Sweep {

    /**
     * Settles what was written down while the books were out of reach, releases what dead gateways hold, writes off what
     * has expired, and forgets old claims and results. Several gateways may sweep the same books at once.
     *
     * @throws dev.imagerelay.application.port.out.StoreUnavailable if the books are out of reach; what was done is done
     */
    Swept sweep();

    /**
     * What was done.
     *
     * @param settledLate how many endings that had been written down were taken over into the books
     * @param released    how many holds of dead gateways were released
     * @param expired     how many accounts had something that expired
     */
    record Swept(int settledLate, int released, int expired) {}
}
