package dev.imagerelay.adapters.persistence;

import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.AccountState;
import dev.imagerelay.domain.account.Limits;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.ledger.EntryKind;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.LedgerEntry;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.RateCardVersion;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** How the domain's values lie in rows. Every reader expects a {@code SELECT *} of its table. */
final class Rows {

    private Rows() {}

    static Account account(ResultSet row) throws SQLException {
        return new Account(
                new AccountId(row.getString("id")),
                row.getString("name"),
                AccountState.valueOf(row.getString("state")),
                limits(row));
    }

    static Limits limits(ResultSet row) throws SQLException {
        return new Limits(
                number(row, "requests_per_minute"),
                number(row, "images_per_minute"),
                number(row, "requests_at_once"),
                amount(row, "credits_per_day"));
    }

    private static Optional<Integer> number(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, Integer.class));
    }

    /** Empty where the column is null. */
    static Optional<Credits> amount(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, Long.class)).map(Credits::new);
    }

    static Grant grant(ResultSet row) throws SQLException {
        return new Grant(
                new GrantId(row.getString("id")),
                GrantSource.valueOf(row.getString("source")),
                row.getInt("priority"),
                Optional.ofNullable(instant(row, "expires_at")),
                instant(row, "granted_at"),
                Optional.ofNullable(row.getString("external_id")),
                credits(row, "granted"),
                credits(row, "available"),
                credits(row, "held"));
    }

    static Relay relay(ResultSet row) throws SQLException {
        return new Relay(
                new RelayId(row.getString("id")),
                new AccountId(row.getString("account_id")),
                row.getString("key_prefix"),
                new ModelId(row.getString("model")),
                Optional.ofNullable(row.getString("size")).map(ImageSize::new),
                Optional.ofNullable(row.getString("quality")).map(ImageQuality::new),
                row.getInt("images"),
                credits(row, "quoted"),
                new RateCardVersion(row.getString("version")),
                RelayState.valueOf(row.getString("state")),
                row.getInt("delivered"),
                credits(row, "charged"),
                credits(row, "refunded"),
                Optional.ofNullable(row.getString("reason")));
    }

    static LedgerEntry entry(ResultSet row) throws SQLException {
        String who = row.getString("who");
        return new LedgerEntry(
                new AccountId(row.getString("account_id")),
                EntryKind.valueOf(row.getString("kind")),
                credits(row, "amount"),
                new GrantId(row.getString("grant_id")),
                Optional.ofNullable(row.getString("relay_id")).map(RelayId::new),
                who == null ? Optional.empty() : Optional.of(new LedgerEntry.Note(who, row.getString("reason"))),
                instant(row, "at"));
    }

    static Credits credits(ResultSet row, String column) throws SQLException {
        return new Credits(row.getLong(column));
    }

    /** Null where the column is. */
    static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
