package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.pricing.RateCard;
import dev.imagerelay.domain.pricing.RateCardVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Every rate card that ever priced something, so that an old charge can be explained. */
public interface RateCards {

    /** Keeps a rate card, durably, before anything is priced by it; does nothing if it is kept already. */
    void keep(RateCard card);

    /** The prices of that version, as {@link RateCard#text()}; empty if it was never kept. */
    Optional<String> text(RateCardVersion version);

    /** All versions, the newest first. */
    List<Kept> versions();

    /**
     * A rate card that is kept.
     *
     * @param version names it
     * @param since   when it was kept
     */
    record Kept(RateCardVersion version, Instant since) {}
}
