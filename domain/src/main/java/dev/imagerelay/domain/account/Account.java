package dev.imagerelay.domain.account;

/**
 * A prepaid account: it owns credits, and its keys spend them.
 *
 * @param id     names it for good
 * @param name   how people call it, not empty, at most 200 characters
 * @param state  whether it may order
 * @param limits how much all its keys together may order in a time
 */
public record Account(AccountId id, String name, AccountState state, Limits limits) {

    public Account {
        if (name.isBlank() || name.length() > 200) {
            throw new IllegalArgumentException("an account's name has 1 to 200 characters");
        }
    }

    /** An open account without limits. */
    public Account(AccountId id, String name) {
        this(id, name, AccountState.OPEN, Limits.NONE);
    }

    /** The same account in that state. */
    public Account in(AccountState state) {
        return new Account(id, name, state, limits);
    }

    /** The same account with those limits. */
    public Account within(Limits limits) {
        return new Account(id, name, state, limits);
    }
}
