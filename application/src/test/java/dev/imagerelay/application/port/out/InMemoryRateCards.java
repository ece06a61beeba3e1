package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.pricing.RateCard;
import dev.imagerelay.domain.pricing.RateCardVersion;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rate cards that are gone with the process. */
public final class InMemoryRateCards implements RateCards {

    private final InstantSource time;
    private final Map<RateCardVersion, Instant> since = new LinkedHashMap<>();
    private final Map<RateCardVersion, String> texts = new LinkedHashMap<>();

    public InMemoryRateCards(InstantSource time) {
        this.time = time;
    }

    @Override
    public synchronized void keep(RateCard card) {
        since.putIfAbsent(card.version(), time.instant());
        texts.putIfAbsent(card.version(), card.text());
    }

    @Override
    public synchronized Optional<String> text(RateCardVersion version) {
        return Optional.ofNullable(texts.get(version));
    }

    @Override
    public synchronized List<Kept> versions() {
        List<Kept> newestFirst = new ArrayList<>();
        since.forEach((version, when) -> newestFirst.add(new Kept(version, when)));
        Collections.reverse(newestFirst);
        return newestFirst;
    }
}
