package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.RateCards;
import dev.imagerelay.domain.pricing.RateCard;
import dev.imagerelay.domain.pricing.RateCardVersion;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Rate cards in a table, by their version. */
final class JdbiRateCards implements RateCards {

    private final Writer writer;
    private final Reader reader;
    private final Engine engine;

    JdbiRateCards(Writer writer, Reader reader, Engine engine) {
        this.writer = writer;
        this.reader = reader;
        this.engine = engine;
    }

    @Override
    public void keep(RateCard card) {
        writer.write(handle -> text(handle, card.version()).isPresent()
                ? 0
                : handle.execute(
                        "INSERT INTO rate_card (version, prices, kept_at) VALUES (?, ?, ?)",
                        card.version().value(), card.text(), engine.now(handle)));
    }

    @Override
    public Optional<String> text(RateCardVersion version) {
        return reader.read(handle -> text(handle, version));
    }

    @Override
    public List<Kept> versions() {
        return reader.read(handle -> handle
                .createQuery("SELECT version, kept_at FROM rate_card ORDER BY kept_at DESC, version")
                .map((row, context) ->
                        new Kept(new RateCardVersion(row.getString("version")), Rows.instant(row, "kept_at")))
                .list());
    }

    private static Optional<String> text(Handle handle, RateCardVersion version) {
        return handle.createQuery("SELECT prices FROM rate_card WHERE version = ?")
                .bind(0, version.value())
                .mapTo(String.class)
                .findOne();
    }
}
