package dev.imagerelay.domain.ledger;

/** How the credits of a grant came about. */
public enum GrantSource {
    PURCHASED,
    PROMOTIONAL,
    /** Put there by hand to correct something. */
    ADJUSTMENT
}
