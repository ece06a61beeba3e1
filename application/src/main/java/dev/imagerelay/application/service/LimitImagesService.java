package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.account.LimitStatus;
import dev.imagerelay.domain.account.Limits;
import dev.imagerelay.domain.account.Spender;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.relay.Declined;
import dev.imagerelay.domain.relay.Previews;
import dev.imagerelay.domain.relay.RelayOutcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps every key to its models, and keys and accounts to their limits of what is ordered in a minute and is in flight.
 * It counts what goes through here: of several gateways each counts for itself.
 */
final class LimitImagesService implements GenerateImages {

    private final GenerateImages images;
    private final InstantSource time;
    private final Map<String, Meter> meters = new HashMap<>();
    private Instant tidied = Instant.EPOCH;

    /** A key or an account whose orders are counted. */
    private record Metered(Spender spender, String name, Limits limits) {

        boolean isLimited() {
            return limits.requestsPerMinute().isPresent()
                    || limits.imagesPerMinute().isPresent()
                    || limits.requestsAtOnce().isPresent();
        }
    }

    LimitImagesService(GenerateImages images, InstantSource time) {
        this.images = images;
        this.time = time;
    }

    @Override
    public RelayOutcome generate(Command command, Previews previews) {
        Caller caller = command.caller();
        ModelId model = command.order().model();
        if (!caller.scope().allows(model)) {
            List<ModelId> allowed = caller.scope().models().stream()
                    .sorted(Comparator.comparing(ModelId::value))
                    .toList();
            return new RelayOutcome.NotAccepted(new Declined.ModelNotAllowed(model, allowed));
        }
        List<Metered> all = metered(caller);
        if (all.isEmpty()) {
            return images.generate(command, previews); // lest everybody waits for everybody
        }
        Optional<LimitStatus> exceeded = begin(all, command.order().images());
        if (exceeded.isPresent()) {
            return new RelayOutcome.NotAccepted(new Declined.LimitReached(exceeded.get()));
        }
        try {
            return images.generate(command, previews);
        } finally {
            end(all);
        }
    }

    @Override
    public List<LimitStatus> limits(Caller caller) {
        List<Metered> all = metered(caller);
        return all.isEmpty() ? List.of() : status(all);
    }

    private synchronized List<LimitStatus> status(List<Metered> all) {
        Instant now = time.instant();
        return all.stream()
                .flatMap(metered -> meters.getOrDefault(metered.name(), new Meter())
                        .status(metered.spender(), metered.limits(), now)
                        .stream())
                .toList();
    }

    private static List<Metered> metered(Caller caller) {
        return Stream.of(
                        new Metered(Spender.KEY, caller.keyPrefix(), caller.scope().limits()),
                        new Metered(Spender.ACCOUNT, caller.account().value(), caller.limits()))
                .filter(Metered::isLimited)
                .toList();
    }

    /** Counts an order with all of them, or with none if it exceeds a limit of one. */
    private synchronized Optional<LimitStatus> begin(List<Metered> all, int images) {
        Instant now = time.instant();
        tidy(now);
        Optional<LimitStatus> exceeded = all.stream()
                .flatMap(metered -> meter(metered).exceeded(metered.spender(), metered.limits(), images, now).stream())
                .findFirst();
        if (exceeded.isEmpty()) {
            all.forEach(metered -> meter(metered).begin(images, now));
        }
        return exceeded;
    }

    /** Forgets whoever orders nothing any more. */
    private void tidy(Instant now) {
        if (tidied.plus(Meter.MINUTE).isBefore(now)) {
            meters.values().removeIf(meter -> meter.isIdle(now));
            tidied = now;
        }
    }

    private Meter meter(Metered metered) {
        return meters.computeIfAbsent(metered.name(), name -> new Meter());
    }

    private synchronized void end(List<Metered> all) {
        all.forEach(metered -> meter(metered).end());
    }
}
