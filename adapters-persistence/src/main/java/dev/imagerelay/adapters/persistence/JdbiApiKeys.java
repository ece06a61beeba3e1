package dev.imagerelay.adapters.persistence;

import dev.imagerelay.application.port.out.ApiKeys;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.ApiKey;
import dev.imagerelay.domain.account.ApiKeyDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Keys in a table, as digests. */
final class JdbiApiKeys implements ApiKeys {

    private static final HexFormat HEX = HexFormat.of();

    private final Writer writer;
    private final Reader reader;

    JdbiApiKeys(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public void add(ApiKey key) {
        writer.write(handle -> {
            if (JdbiAccounts.find(handle, key.account()).isEmpty()) {
                throw new IllegalArgumentException("there is no account " + key.account());
            }
            if (find(handle, key.prefix()).isPresent()) {
                throw new IllegalArgumentException("key " + key.prefix() + " exists");
            }
            return handle.execute(
                    "INSERT INTO api_key (prefix, account_id, sha256, issued_at, revoked_at) VALUES (?, ?, ?, ?, ?)",
                    key.prefix(), key.account().value(), HEX.formatHex(key.digest().bytes()), key.issuedAt(),
                    key.revokedAt());
        });
    }

    @Override
    public Optional<ApiKey> find(String prefix) {
        return reader.read(handle -> find(handle, prefix));
    }

    private static Optional<ApiKey> find(Handle handle, String prefix) {
        return handle.createQuery("SELECT * FROM api_key WHERE prefix = ?")
                .bind(0, prefix)
                .map((row, context) -> key(row))
                .findOne();
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getString("prefix"),
                new AccountId(row.getString("account_id")),
                new ApiKeyDigest(HEX.parseHex(row.getString("sha256"))),
                Rows.instant(row, "issued_at"),
                Optional.ofNullable(Rows.instant(row, "revoked_at")));
    }

    @Override
    public boolean revoke(String prefix, Instant at) {
        return writer.write(handle -> handle.execute(
                        "UPDATE api_key SET revoked_at = ? WHERE prefix = ? AND revoked_at IS NULL", at, prefix)
                == 1);
    }
}
