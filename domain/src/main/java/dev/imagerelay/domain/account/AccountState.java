package dev.imagerelay.domain.account;

/** Whether an account may order. */
public enum AccountState {
    /** It may. */
    OPEN,
    /** Its keys are refused until it is opened again; its credits stay, and what is in flight is finished. */
    SUSPENDED
}
