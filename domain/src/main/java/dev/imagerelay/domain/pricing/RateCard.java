package dev.imagerelay.domain.pricing;

import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The prices of all models at one time. Immutable; a change of any price makes another rate card with another version.
 */
public final class RateCard {

    /** Stands for the quality of a model that has none. */
    private static final String NONE = "-";

    private final Map<ModelId, PriceTable> tables;
    private final RateCardVersion version;

    /** Takes the price table of every model. */
    public RateCard(Map<ModelId, PriceTable> tables) {
        this.tables = Map.copyOf(tables);
        this.version = new RateCardVersion(sha256(text()).substring(0, 16));
    }

    /**
     * Reads what {@link #text()} has written: a card of the same prices, and so of the same version.
     *
     * @throws IllegalArgumentException if it cannot have been written so
     */
    public static RateCard read(String text) {
        Map<ModelId, List<PriceRow>> rows = new HashMap<>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ");
            if (words.length != 4) {
                throw new IllegalArgumentException("a line of a rate card has four words, unlike '" + line + "'");
            }
            Optional<ImageQuality> quality =
                    words[2].equals(NONE) ? Optional.empty() : Optional.of(new ImageQuality(words[2]));
            rows.computeIfAbsent(new ModelId(words[0]), model -> new ArrayList<>())
                    .add(new PriceRow(new ImageSize(words[1]), quality, Credits.of(words[3]), Optional.empty()));
        }
        return new RateCard(rows.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, model -> PriceTable.of(model.getValue()))));
    }

    /**
     * The most that an order can cost: the dearest picture it can become, times the number of pictures.
     *
     * @throws IllegalArgumentException if the order is for something this card has no price for; the catalogue says so
     *     in advance
     */
    public Quote quote(ImageOrder order) {
        PriceTable prices = tables.get(order.model());
        if (prices == null) {
            throw new IllegalArgumentException("no prices for model " + order.model());
        }
        return Quote.of(order, prices, version);
    }

    /** Names the content of this card. */
    public RateCardVersion version() {
        return version;
    }

    /**
     * Every price, one a line and sorted: model, size, quality or {@code -}, credits; separated by spaces. Kept with
     * the version, so that an old charge can be explained and recomputed.
     */
    public String text() {
        return tables.entrySet().stream()
                .flatMap(table -> table.getValue().unitPrices().stream().map(unit -> line(table.getKey(), unit)))
                .sorted()
                .collect(Collectors.joining());
    }

    private static String line(ModelId model, UnitPrice unit) {
        String quality = unit.quality().map(Object::toString).orElse(NONE);
        return model + " " + unit.size() + " " + quality + " " + unit.credits() + "\n";
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
