package dev.imagerelay.domain.pricing;

import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ModelId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The prices of all models at one time. Immutable; a change of any price makes another rate card with another version.
 */
public final class RateCard {

    private final Map<ModelId, PriceTable> tables;
    private final RateCardVersion version;

    /** Takes the price table of every model. */
    public RateCard(Map<ModelId, PriceTable> tables) {
        this.tables = Map.copyOf(tables);
        this.version = new RateCardVersion(sha256(text()).substring(0, 16));
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
        String quality = unit.quality().map(Object::toString).orElse("-");
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
