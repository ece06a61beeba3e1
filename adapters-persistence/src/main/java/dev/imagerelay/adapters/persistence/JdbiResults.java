package dev.imagerelay.adapters.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.ReplyBody;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What relays have delivered, in tables that several gateways share; on connections of its own, lest large bytes delay
 * the books. No connection is kept while bytes go to a caller, who may be slow. Not for an H2 file, which only the
 * writer may change.
 */
final class JdbiResults implements Results, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JdbiResults.class);

    private static final int CONNECTIONS = 4;
    private static final int CONNECT_MILLIS = 2_000;
    private static final int CHECK_MILLIS = 1_000;
    private static final int BATCH = 50;

    /** How much longer than it can be found a result is there, for those who have found it and are reading. */
    private static final Duration READING = Duration.ofMinutes(10);

    private static final String OLDEST_FIRST = " ORDER BY kept_at, relay_id LIMIT " + BATCH;
    private static final String TOO_OLD = "SELECT relay_id FROM result WHERE kept_at <= ?" + OLDEST_FIRST;
    private static final String TOO_MUCH = "SELECT relay_id FROM"
            + " (SELECT relay_id, kept_at, SUM(length + " + ResultFile.EXTRA + ")"
            + " OVER (ORDER BY kept_at DESC, relay_id DESC) AS total FROM result) AS with_all_newer"
            + " WHERE total > ?" + OLDEST_FIRST;

    private final HikariDataSource connections;
    private final Jdbi jdbi;
    private final Function<Handle, Instant> clock;
    private final Duration kept;
    private final long maxBytes;
    private final AtomicBoolean failing = new AtomicBoolean();

    /**
     * Uses the database behind a source.
     *
     * @param clock    the time, which all gateways must agree on
     * @param kept     how long a result can be found
     * @param maxBytes how much there may be before the oldest are forgotten; each counts as its length and 4 KiB
     */
    JdbiResults(DataSource source, Function<Handle, Instant> clock, Duration kept, long maxBytes) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("results");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setValidationTimeout(CHECK_MILLIS);
        this.connections = new HikariDataSource(config);
        this.jdbi = Jdbi.create(connections).registerArgument(new InstantArgument());
        this.clock = clock;
        this.kept = kept;
        this.maxBytes = maxBytes;
    }

    @Override
    public void keep(RelayId relay, ReplyBody body) {
        if (body.length() + ResultFile.EXTRA > maxBytes) {
            return;
        }
        try {
            jdbi.useTransaction(handle -> insert(handle, relay, body));
            failing.set(false);
        } catch (IOException | RuntimeException e) {
            if (!failing.getAndSet(true)) {
                LOG.warn("results cannot be kept in the database; this is not said again before one can", e);
            }
        }
    }

    private void insert(Handle handle, RelayId relay, ReplyBody body) throws IOException {
        handle.execute(
                "INSERT INTO result (relay_id, content_type, length, kept_at) VALUES (?, ?, ?, ?)",
                relay.value(), body.contentType(), body.length(), clock.apply(handle));
        ResultParts parts = new ResultParts(handle, relay);
        body.writeTo(parts);
        parts.close();
    }

    @Override
    public Optional<ReplyBody> find(RelayId relay) {
        try {
            return jdbi.withHandle(handle -> handle.createQuery(
                            "SELECT content_type, length FROM result WHERE relay_id = ? AND kept_at > ?")
                    .bind(0, relay.value())
                    .bind(1, clock.apply(handle).minus(kept))
                    .map((row, context) -> new Found(
                            relay, row.getString("content_type"), row.getLong("length"),
                            ResultParts.find(handle, relay, 0).orElse(new byte[0])))
                    .findOne()
                    .filter(Found::isThere)
                    .map(ReplyBody.class::cast));
        } catch (JdbiException e) {
            throw StoreUnavailable.before("results cannot be read", e);
        }
    }

    @Override
    public void forgetOld() {
        try {
            forget(TOO_OLD, jdbi.withHandle(clock::apply).minus(kept).minus(READING));
            forget(TOO_MUCH, maxBytes);
        } catch (JdbiException e) {
            throw StoreUnavailable.during("results cannot be forgotten", e);
        }
    }

    private void forget(String select, Object limit) {
        int many;
        do {
            many = jdbi.inTransaction(handle -> forgetSome(handle, select, limit));
        } while (many > 0);
    }

    /** Of several gateways that do this at once one does, and the others wait for it, as all go by the same order. */
    private static int forgetSome(Handle handle, String select, Object limit) {
        List<String> relays =
                handle.createQuery(select).bind(0, limit).mapTo(String.class).list();
        if (!relays.isEmpty()) {
            PreparedBatch deletes = handle.prepareBatch("DELETE FROM result WHERE relay_id = ?");
            relays.forEach(deletes::add);
            deletes.execute();
        }
        return relays.size();
    }

    @Override
    public void close() {
        connections.close();
    }

    /**
     * What was found, with its first part: once that is on its way to a caller it is too late to say that the database
     * is away. The others are fetched when they are wanted.
     */
    private final class Found implements ReplyBody {

        private final RelayId relay;
        private final String contentType;
        private final long length;
        private final byte[] first;

        Found(RelayId relay, String contentType, long length, byte[] first) {
            this.relay = relay;
            this.contentType = contentType;
            this.length = length;
            this.first = first;
        }

        /** Whether it has not been forgotten while it was looked for. */
        private boolean isThere() {
            return length == 0 || first.length > 0;
        }

        @Override
        public String contentType() {
            return contentType;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            long written = 0;
            for (int number = 0; written < length; number++) {
                byte[] part = number == 0 ? first : part(number);
                out.write(part);
                written += part.length;
            }
        }

        private byte[] part(int number) throws IOException {
            try {
                return jdbi.withHandle(handle -> ResultParts.find(handle, relay, number))
                        .orElseThrow(() -> new IOException("the result of " + relay + " was forgotten meanwhile"));
            } catch (JdbiException e) {
                throw new IOException("the result of " + relay + " cannot be read", e);
            }
        }

        @Override
        public void close() {}
    }
}
