package dev.imagerelay.domain.account;

/** Whose orders are counted together. */
public enum Spender {
    /** Those with one key. */
    KEY,
    /** Those with all keys of one account. */
    ACCOUNT
}
