package dev.imagerelay.application.port.in;

import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.relay.Decision;

/** Who is calling? */
public interface Authenticate {

    /**
     * Finds the caller that a key belongs to.
     *
     * @param presented the whole key as it was presented, of any form
     * @return declined as {@code KeyRefused} if it is unknown, misspelt or revoked; which of them is not told
     */
    Decision<Caller> authenticate(String presented);
}
