package dev.imagerelay.application.port.out;

/**
 * By what gateways on one ledger know of each other that they are alive. Each holds credits in its own name, and a hold
 * is as good as its owner's lease.
 */
public interface Leases {

    /**
     * Says that this gateway is alive. Unless it says so again in time, others release what it holds.
     *
     * @throws StoreUnavailable if the ledger cannot be told
     */
    void renew();
}
