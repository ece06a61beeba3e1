package dev.imagerelay.adapters.persistence;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.PriceRow;
import dev.imagerelay.domain.pricing.PriceTable;
import dev.imagerelay.domain.pricing.RateCard;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What the tests of the stores put into them. */
final class Samples {

    /** The rate card by which all relays here are priced. */
    static final RateCard CARD = rateCard("1");

    /** What is taken for a relay that is settled. */
    static final Charge CHARGE = new Charge(Credits.of("1"), 1);

    private static final AtomicLong NUMBERS = new AtomicLong();

    private Samples() {}

    /** A rate card of one price. */
    static RateCard rateCard(String price) {
        ImageSize size = new ImageSize("1024x1024");
        PriceRow row = new PriceRow(size, Optional.empty(), Credits.of(price), Optional.empty());
        return new RateCard(Map.of(new ModelId("m"), PriceTable.of(List.of(size), List.of(), List.of(row))));
    }

    /** A relay that costs one credit. */
    static Relay relay(AccountId account) {
        return new Relay(
                new RelayId(String.format("req_%032x", NUMBERS.incrementAndGet())), account, "sk-relay-abcdefgh",
                new ModelId("m"), Optional.empty(), Optional.empty(), 1, CHARGE.total(), CARD.version(),
                RelayState.HELD, 0, Credits.ZERO, Credits.ZERO, Optional.empty());
    }

    /** A top-up that has a name outside. */
    static Intent topUp(AccountId account, String externalId, String amount) {
        return grant(account, Optional.of(externalId), amount);
    }

    /** Credits for an account. */
    static Intent grant(AccountId account, String amount) {
        return grant(account, Optional.empty(), amount);
    }

    private static Intent grant(AccountId account, Optional<String> externalId, String amount) {
        return Intent.grant(account, Grant.of(
                new GrantId("grant_" + NUMBERS.incrementAndGet()), GrantSource.PURCHASED, Grant.USUAL_PRIORITY,
                Optional.empty(), Instant.EPOCH, externalId, Credits.of(amount)));
    }
}
