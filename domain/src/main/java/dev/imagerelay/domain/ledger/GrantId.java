package dev.imagerelay.domain.ledger;

/**
 * Names one grant.
 *
 * @param value 1 to 64 characters, not blank
 */
public record GrantId(String value) {

    public GrantId {
        if (value.isBlank() || value.length() > 64) {
            throw new IllegalArgumentException("a grant's id has 1 to 64 characters");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
