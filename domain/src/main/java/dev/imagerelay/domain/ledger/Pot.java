package dev.imagerelay.domain.ledger;

/** Where credits can be. Every entry moves some from one pot to another, so all pots together always hold nothing. */
public enum Pot {
    /** Where grants come from; its negative is everything ever issued. */
    ISSUED,
    /** What an account can spend. */
    AVAILABLE,
    /** What an account's relays in flight may cost. */
    HELD,
    /** What was sold. */
    EARNED,
    /** What expired unspent. */
    LAPSED
}
