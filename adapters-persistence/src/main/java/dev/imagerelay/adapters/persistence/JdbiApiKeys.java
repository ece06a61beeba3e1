package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.ApiKeys;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.ApiKeyDigest;
import dev.imagerelay.domain.account.AuditRecord;
import dev.imagerelay.domain.account.KeyScope;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** Keys in a table, as digests. */
final class JdbiApiKeys implements ApiKeys {

    private static final HexFormat HEX = HexFormat.of();

    private final Writer writer;
    private final Reader reader;
    private final Engine engine;

    JdbiApiKeys(Writer writer, Reader reader, Engine engine) {
        this.writer = writer;
        this.reader = reader;
        this.engine = engine;
    }

    @Override
    public void add(ApiKey key, AuditRecord record) {
        writer.write(handle -> {
            if (JdbiAccounts.find(handle, key.account()).isEmpty()) {
                throw new IllegalArgumentException("there is no account " + key.account());
            }
            if (find(handle, key.prefix()).isPresent()) {
                throw new IllegalArgumentException("key " + key.prefix() + " exists");
            }
            int added = insert(handle, key);
            JdbiAuditTrail.add(handle, record);
            return added;
        });
    }

    private static int insert(Handle handle, ApiKey key) {
        try (Update insert = handle.createUpdate("""
                INSERT INTO api_key (prefix, account_id, name, sha256, issued_at, revoked_at, models,
                                     requests_per_minute, images_per_minute, requests_at_once, credits_per_day,
                                     credits, expires_at)
                VALUES (:prefix, :account, :name, :sha256, :issuedAt, :revokedAt, :models,
                        :requestsPerMinute, :imagesPerMinute, :requestsAtOnce, :creditsPerDay, :credits, :expiresAt)
                """)) {
            insert.bind("account", key.account().value())
                    .bind("name", key.name())
                    .bind("sha256", HEX.formatHex(key.digest().bytes()))
                    .bind("issuedAt", key.issuedAt())
                    .bind("revokedAt", key.revokedAt());
            bind(insert, key.prefix(), key.scope());
            int inserted = insert.execute();
            if (key.scope().credits().isPresent()) {
                SpendingPage.beginWithNothing(handle, key);
            }
            return inserted;
        }
    }

    private static void bind(Update update, String prefix, KeyScope scope) {
        update.bind("prefix", prefix)
                .bind("models", scope.models().stream().map(ModelId::value).sorted().collect(Collectors.joining(" ")))
                .bind("credits", scope.credits().map(Credits::micros).orElse(null))
                .bind("expiresAt", scope.expiresAt());
        JdbiAccounts.bind(update, scope.limits());
    }

    private static Optional<ApiKey> find(Handle handle, String prefix) {
        return handle.createQuery("SELECT * FROM api_key WHERE prefix = ?")
                .bind(0, prefix)
                .map((row, context) -> key(row))
                .findOne();
    }

    @Override
    public Optional<OwnedKey> find(String prefix) {
        return reader.read(handle -> find(handle, prefix)
                .map(key -> new OwnedKey(key, JdbiAccounts.find(handle, key.account()).orElseThrow())));
    }

    @Override
    public List<ApiKey> of(AccountId account) {
        return reader.read(handle -> handle
                .createQuery("SELECT * FROM api_key WHERE account_id = ? ORDER BY issued_at, prefix")
                .bind(0, account.value())
                .map((row, context) -> key(row))
                .list());
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getString("prefix"),
                new AccountId(row.getString("account_id")),
                row.getString("name"),
                new ApiKeyDigest(HEX.parseHex(row.getString("sha256"))),
                new KeyScope(
                        models(row.getString("models")),
                        Rows.limits(row),
                        Rows.amount(row, "credits"),
                        Optional.ofNullable(Rows.instant(row, "expires_at"))),
                Rows.instant(row, "issued_at"),
                Optional.ofNullable(Rows.instant(row, "revoked_at")));
    }

    private static Set<ModelId> models(String names) {
        return Arrays.stream(names.split(" "))
                .filter(name -> !name.isEmpty())
                .map(ModelId::new)
                .collect(Collectors.toSet());
    }

    @Override
    public Optional<ApiKey> change(
            String prefix, Instant now, UnaryOperator<ApiKey> change, BiFunction<ApiKey, ApiKey, AuditRecord> record) {
        return writer.write(handle -> working(handle, prefix, now).map(before -> {
            ApiKey after = change.apply(before);
            update(handle, after);
            JdbiAuditTrail.add(handle, record.apply(before, after));
            return after;
        }));
    }

    @Override
    public Optional<ApiKey> roll(
            String prefix,
            Instant now,
            UnaryOperator<ApiKey> change,
            UnaryOperator<ApiKey> successor,
            BiFunction<ApiKey, ApiKey, AuditRecord> record) {
        return writer.write(handle -> working(handle, prefix, now).map(before -> {
            ApiKey made = successor.apply(before);
            update(handle, change.apply(before));
            insert(handle, made);
            JdbiAuditTrail.add(handle, record.apply(before, made));
            return made;
        }));
    }

    /** A working key as it stays until the transaction ends, as its account is kept. */
    private Optional<ApiKey> working(Handle handle, String prefix, Instant now) {
        Optional<ApiKey> found = find(handle, prefix);
        found.ifPresent(key -> engine.lock(handle, List.of(key.account().value())));
        return found.flatMap(key -> find(handle, prefix)).filter(key -> key.works(now));
    }

    private static void update(Handle handle, ApiKey key) {
        try (Update update = handle.createUpdate("""
                UPDATE api_key SET models = :models, requests_per_minute = :requestsPerMinute,
                    images_per_minute = :imagesPerMinute, requests_at_once = :requestsAtOnce,
                    credits_per_day = :creditsPerDay, credits = :credits, expires_at = :expiresAt
                WHERE prefix = :prefix
                """)) {
            bind(update, key.prefix(), key.scope());
            update.execute();
        }
    }

    @Override
    public boolean revoke(String prefix, Instant at, AuditRecord record) {
        return writer.write(handle -> {
            int revoked = handle.execute(
                    "UPDATE api_key SET revoked_at = ? WHERE prefix = ? AND revoked_at IS NULL", at, prefix);
            if (revoked == 1) {
                handle.execute("DELETE FROM spending WHERE spender = ?", prefix);
                JdbiAuditTrail.add(handle, record);
            }
            return revoked == 1;
        });
    }
}
