package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.ImageUpstream;
import dev.imagerelay.application.port.out.ModelCatalogue;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.application.port.out.Unsettled;
import dev.imagerelay.domain.account.SpendingCap;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.catalogue.ImageModel;
import dev.imagerelay.domain.catalogue.UpstreamRoute;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Ending;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.Quote;
import dev.imagerelay.domain.relay.Decision;
import dev.imagerelay.domain.relay.Declined;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.Receipt;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.UpstreamFailure;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Steps 3 to 7 of a request: look up the model, price, hold, relay, settle or release. */
final class GenerateImagesService implements GenerateImages {

    private final ModelCatalogue models;
    private final CreditLedger ledger;
    private final ImageUpstream upstream;
    private final Results results;
    private final Unsettled unsettled;
    private final RandomGenerator random;

    GenerateImagesService(
            ModelCatalogue models,
            CreditLedger ledger,
            ImageUpstream upstream,
            Results results,
            Unsettled unsettled,
            RandomGenerator random) {
        this.models = models;
        this.ledger = ledger;
        this.upstream = upstream;
        this.results = results;
        this.unsettled = unsettled;
        this.random = random;
    }

    @Override
    public RelayOutcome generate(Command command, Previews previews) {
        Catalogue catalogue = models.current();
        Decision<Quote> held = catalogue.quote(command.order())
                .then(quote -> withinLimit(command, quote))
                .then(quote -> hold(command, quote));
        if (held instanceof Decision.Refused<Quote> refused) {
            return new RelayOutcome.NotAccepted(refused.why());
        }
        Quote quote = held.orThrow();
        UpstreamReply reply = relay(command, quote, catalogue.find(quote.model()).orElseThrow(), previews);
        try {
            return settle(command, quote, reply);
        } catch (StoreUnavailable e) {
            reply.discard();
            // Whatever the store says of the settle, the pictures were made: asking again would buy them again.
            throw StoreUnavailable.during("relay " + command.id() + " has an answer that could not be settled", e);
        } catch (RuntimeException | Error e) {
            reply.discard();
            throw e;
        }
    }

    private static Decision<Quote> withinLimit(Command command, Quote quote) {
        Credits allowed = command.atMost().orElse(quote.total());
        return allowed.covers(quote.total())
                ? Decision.accepted(quote)
                : Decision.refused(new Declined.DearerThanAllowed(quote.total(), allowed));
    }

    private Decision<Quote> hold(Command command, Quote quote) {
        if (!unsettled.endings().isEmpty()) {
            throw StoreUnavailable.before("relays that have ended wait for the books");
        }
        Relay relay = Relay.of(command.id(), command.caller().account(), command.caller().keyPrefix(), quote);
        Posting posting = post(relay, command);
        if (posting instanceof Posting.AlreadyOrdered already) {
            return Decision.refused(new Declined.AlreadyOrdered(already.earlier().id(), already.sameOrder()));
        }
        if (posting instanceof Posting.CapReached reached) {
            return Decision.refused(new Declined.SpendingCapReached(quote.total(), reached.spent()));
        }
        if (posting instanceof Posting.Insufficient insufficient) {
            Balance balance = insufficient.balance();
            return Decision.refused(
                    new Declined.InsufficientCredits(quote.total(), balance.available(), balance.held()));
        }
        return Decision.accepted(quote);
    }

    private Posting post(Relay relay, Command command) {
        try {
            return ledger.post(Intent.hold(relay, command.claim(), SpendingCap.of(command.caller())));
        } catch (StoreUnavailable e) {
            if (!e.nothingChanged()) {
                keep(Ending.release(relay.account(), relay.id(), "hold_unknown"), e);
            }
            // Should it have been held after all, it is given back: nothing was sent that it could be charged for.
            throw StoreUnavailable.before("the credits for relay " + relay.id() + " could not be held", e);
        }
    }

    private UpstreamReply relay(Command command, Quote quote, ImageModel model, Previews previews) {
        try {
            UpstreamReply reply = null;
            for (UpstreamRoute route : model.routesInTurn(random)) {
                reply = upstream.relay(command.id(), route, command.order(), command.body(), previews);
                if (!(reply instanceof UpstreamReply.Failed failed) || !failed.failure().didNoWork()) {
                    break;
                }
            }
            return reply;
        } catch (RuntimeException | Error e) {
            releaseAfter(e, command, quote);
            throw e;
        }
    }

    private RelayOutcome settle(Command command, Quote quote, UpstreamReply reply) {
        if (reply instanceof UpstreamReply.Images images) {
            return deliver(command, quote, images);
        }
        if (reply instanceof UpstreamReply.Refused refused) {
            Receipt receipt = release(command, quote, "refused_upstream");
            return new RelayOutcome.RefusedUpstream(refused.status(), refused.body(), receipt);
        }
        UpstreamReply.Failed failed = (UpstreamReply.Failed) reply;
        Receipt receipt = release(command, quote, failed.failure().code());
        return new RelayOutcome.FailedUpstream(failed.failure(), failed.retryAfter(), receipt);
    }

    private RelayOutcome deliver(Command command, Quote quote, UpstreamReply.Images images) {
        Charge charge = quote.charge(images.delivery());
        results.keep(command.id(), images.body());
        Optional<Posting> posting = end(Ending.settle(command.caller().account(), command.id(), charge));
        if (posting.isPresent() && posting.get() instanceof Posting.AlreadyEnded) {
            images.discard();
            return new RelayOutcome.FailedUpstream(
                    UpstreamFailure.TOO_LATE, Optional.empty(), receipt(Credits.ZERO, 0, quote, posting));
        }
        return new RelayOutcome.Delivered(
                images.body(), receipt(charge.total(), charge.images(), quote, posting), images.cutShort());
    }

    /** Our own mistake must not cost the caller; if even the release fails, the first mistake is the one to hear of. */
    private void releaseAfter(Throwable mistake, Command command, Quote quote) {
        try {
            release(command, quote, "internal_error");
        } catch (RuntimeException e) {
            mistake.addSuppressed(e);
        }
    }

    private Receipt release(Command command, Quote quote, String reason) {
        Optional<Posting> posting = end(Ending.release(command.caller().account(), command.id(), reason));
        return receipt(Credits.ZERO, 0, quote, posting);
    }

    /** What the books say to it; empty if they are out of reach, and it is written down for them. */
    private Optional<Posting> end(Ending ending) {
        try {
            return Optional.of(ledger.post(ending.intent()));
        } catch (StoreUnavailable e) {
            if (keep(ending, e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether it could be written down, since the books are out of reach for that reason. */
    private boolean keep(Ending ending, StoreUnavailable reason) {
        try {
            unsettled.keep(ending);
            return true;
        } catch (StoreUnavailable e) {
            reason.addSuppressed(e);
            return false;
        }
    }

    private static Receipt receipt(Credits charged, int images, Quote quote, Optional<Posting> posting) {
        return new Receipt(
                charged, posting.map(GenerateImagesService::balance).map(Balance::available), images, quote.version());
    }

    private static Balance balance(Posting ended) {
        return ended instanceof Posting.AlreadyEnded late ? late.balance() : ((Posting.Posted) ended).balance();
    }
}
