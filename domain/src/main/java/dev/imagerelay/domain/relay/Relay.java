package dev.imagerelay.domain.relay;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.Quote;
import dev.imagerelay.domain.pricing.RateCard;
import dev.imagerelay.domain.pricing.RateCardVersion;
import java.util.Optional;

/**
 * The record of one relayed request: who ordered what, at which price, and how it ended.
 *
 * @param id        names it
 * @param account   who pays
 * @param keyPrefix the key that was used, by its public part
 * @param model     what was ordered
 * @param size      empty: left to the model
 * @param quality   empty: left to the model
 * @param images    how many pictures were ordered
 * @param quoted    what was held for it, the most it can cost
 * @param version   the rate card it was priced by
 * @param state     how far it has come
 * @param delivered how many pictures were paid for; 0 unless settled
 * @param charged   what they cost, at most {@code quoted}; 0 unless settled
 * @param refunded  what was given back of it since, at most {@code charged}
 * @param reason    why it was released, as a short code; empty unless released
 */
public record Relay(
        RelayId id,
        AccountId account,
        String keyPrefix,
        ModelId model,
        Optional<ImageSize> size,
        Optional<ImageQuality> quality,
        int images,
        Credits quoted,
        RateCardVersion version,
        RelayState state,
        int delivered,
        Credits charged,
        Credits refunded,
        Optional<String> reason) {

    public Relay {
        if (!quoted.covers(charged)) {
            throw new IllegalArgumentException(id + " cannot charge " + charged + " against a hold of " + quoted);
        }
        if (state != RelayState.SETTLED && !(charged.isZero() && delivered == 0)) {
            throw new IllegalArgumentException(id + " cannot charge for anything unless it is settled");
        }
        if (delivered < 0 || delivered > images) {
            throw new IllegalArgumentException(id + " cannot deliver " + delivered + " of " + images + " images");
        }
        if (reason.isPresent() != (state == RelayState.RELEASED)) {
            throw new IllegalArgumentException(id + " has a reason exactly if it is released");
        }
        if (!charged.covers(refunded)) {
            throw new IllegalArgumentException(id + " cannot refund " + refunded + " of a charge of " + charged);
        }
    }

    /** A relay about to be paid for by a hold of its quote. */
    public static Relay of(RelayId id, AccountId account, String keyPrefix, Quote quote) {
        return new Relay(
                id,
                account,
                keyPrefix,
                quote.model(),
                quote.size(),
                quote.quality(),
                quote.images(),
                quote.total(),
                quote.version(),
                RelayState.HELD,
                0,
                Credits.ZERO,
                Credits.ZERO,
                Optional.empty());
    }

    /** The same relay, paid for. */
    public Relay settled(Charge charge) {
        return with(RelayState.SETTLED, charge.images(), charge.total(), Credits.ZERO, Optional.empty());
    }

    /** The same relay, its hold given back. */
    public Relay released(String why) {
        return with(RelayState.RELEASED, 0, Credits.ZERO, Credits.ZERO, Optional.of(why));
    }

    /** The same relay with that much more of its charge given back. */
    public Relay refunded(Credits amount) {
        return with(state, delivered, charged, refunded.plus(amount), reason);
    }

    /**
     * Whether that rate card leads to what was held, and to what was charged for what was delivered.
     *
     * @param card the one of this relay's version
     */
    public boolean isPricedBy(RateCard card) {
        ImageOrder order =
                new ImageOrder(model, "recomputed", images, size, quality, Optional.empty(), Optional.empty());
        try {
            Quote quote = card.quote(order);
            return quote.total().equals(quoted)
                    && (state != RelayState.SETTLED || delivered > 0 && quote.canCharge(delivered, charged));
        } catch (IllegalArgumentException e) {
            return false; // the card has no price for it
        }
    }

    private Relay with(
            RelayState state, int delivered, Credits charged, Credits refunded, Optional<String> reason) {
        return new Relay(
                id, account, keyPrefix, model, size, quality, images, quoted, version, state, delivered, charged,
                refunded, reason);
    }
}
