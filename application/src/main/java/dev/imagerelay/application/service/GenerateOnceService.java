package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.account.LimitStatus;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Declined;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.RelayState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Answers an order that has been given before with what came of it then: waits while it is being made, by this gateway or
 * another, and hands out its result again. If nothing came of it, the order is a new one.
 */
final class GenerateOnceService implements GenerateImages {

    /** How often to look for the end of a relay that another gateway has in hand. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final GenerateImages images;
    private final CreditLedger ledger;
    private final Results results;
    private final long looks;
    private final Map<RelayId, CountDownLatch> running = new ConcurrentHashMap<>();

    /** Waits about so long for the original. */
    GenerateOnceService(GenerateImages images, CreditLedger ledger, Results results, Duration patience) {
        this.images = images;
        this.ledger = ledger;
        this.results = results;
        this.looks = patience.dividedBy(LOOK_EVERY);
    }

    @Override
    public RelayOutcome generate(Command command, Previews previews) {
        if (command.claim().isEmpty()) {
            return images.generate(command, previews);
        }
        while (true) {
            RelayOutcome outcome = run(command, previews);
            Optional<RelayId> original = outcome instanceof RelayOutcome.NotAccepted no
                    ? original(no.declined(), command)
                    : Optional.empty();
            if (original.isEmpty()) {
                return outcome;
            }
            Relay relay = awaitEnd(original.get());
            if (relay.state() == RelayState.HELD) {
                return new RelayOutcome.NotAccepted(new Declined.AlreadyOrdered(relay.id(), true));
            }
            if (relay.state() == RelayState.SETTLED) {
                return replay(relay.id());
            }
        }
    }

    @Override
    public List<LimitStatus> limits(Caller caller) {
        return images.limits(caller);
    }

    private RelayOutcome run(Command command, Previews previews) {
        CountDownLatch ended = new CountDownLatch(1);
        running.put(command.id(), ended);
        try {
            return images.generate(command, previews);
        } finally {
            running.remove(command.id());
            ended.countDown();
        }
    }

    /** The relay that made this very order; also if it could not be given any more, as its price or its model has gone. */
    private Optional<RelayId> original(Declined declined, Command command) {
        if (declined instanceof Declined.AlreadyOrdered already) {
            return already.sameOrder() ? Optional.of(already.earlier()) : Optional.empty();
        }
        Claim claim = command.claim().orElseThrow();
        return ledger.claimed(command.caller().account(), claim)
                .filter(earlier -> earlier.fingerprint().equals(claim.fingerprint()))
                .map(earlier -> earlier.relay().id());
    }

    /** The relay once it has ended, or as it is when patience does. */
    private Relay awaitEnd(RelayId id) {
        CountDownLatch ended = running.getOrDefault(id, new CountDownLatch(1));
        Relay relay = ledger.relay(id).orElseThrow();
        try {
            for (long look = 0; look < looks && relay.state() == RelayState.HELD; look++) {
                ended.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                relay = ledger.relay(id).orElseThrow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return relay;
    }

    private RelayOutcome replay(RelayId original) {
        return results.find(original)
                .<RelayOutcome>map(body -> new RelayOutcome.Replayed(original, body))
                .orElseGet(() -> new RelayOutcome.NotAccepted(new Declined.ResultGone(original)));
    }
}
