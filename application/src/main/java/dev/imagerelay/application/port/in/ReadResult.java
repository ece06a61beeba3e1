package dev.imagerelay.application.port.in;

import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.ReplyBody;
import java.util.Optional;

/** Gives what has been paid for once more. */
public interface ReadResult {

    /**
     * What a settled relay of the caller's account delivered; the receiver closes it.
     *
     * @return empty if the caller has no such relay, if it was not settled, or if its result is not kept any more
     */
    Optional<ReplyBody> result(Caller caller, RelayId relay);
}
