package dev.imagerelay.domain.account;

/**
 * A prepaid account: it owns credits, and its keys spend them.
 *
 * @param id   names it for good
 * @param name how people call it, not empty, at most 200 characters
 */
public record Account(AccountId id, String name) {

    public Account {
        if (name.isBlank() || name.length() > 200) {
            throw new IllegalArgumentException("an account's name has 1 to 200 characters");
        }
    }
}
