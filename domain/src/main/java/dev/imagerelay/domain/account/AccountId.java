package dev.imagerelay.domain.account;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names one prepaid account.
 *
 * @param value 1 to 64 letters, digits, dashes or underscores
 */
public record AccountId(String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public AccountId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "an account id is 1 to 64 letters, digits, dashes or underscores, not '" + value + "'");
        }
    }

    /** Reads an id somebody sent; empty if no account can have it. */
    public static Optional<AccountId> read(String sent) {
        return FORM.matcher(sent).matches() ? Optional.of(new AccountId(sent)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
