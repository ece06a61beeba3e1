package dev.imagerelay.application.port.in;

import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.pricing.RateCardVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Changes what is on offer, and at what price, without a restart. */
public interface ReloadCatalogue {

    /** The catalogue in force now, whole; never null. Orders in flight keep the one they were priced by. */
    Catalogue current();

    /** Reads the catalogue anew, and puts it in force whole and on record, or not at all; in that name. */
    Outcome reload(String who);

    /** Every version of the prices that was ever in force, the newest first. */
    List<Version> versions();

    /** The prices of a version, one a line, as {@code RateCard.text()} has them; empty if it was never in force. */
    Optional<String> prices(RateCardVersion version);

    /**
     * A version of the prices.
     *
     * @param version names them
     * @param since   when they were in force for the first time
     */
    record Version(RateCardVersion version, Instant since) {}

    /** What came of a reload. */
    sealed interface Outcome {}

    /**
     * It is in force.
     *
     * @param catalogue what is on offer now
     * @param before    the prices until now; the same as now if no price has changed
     */
    record InForce(Catalogue catalogue, RateCardVersion before) implements Outcome {}

    /** It cannot be used, for that reason in words; everything is as it was. */
    record Refused(String why) implements Outcome {}
}
