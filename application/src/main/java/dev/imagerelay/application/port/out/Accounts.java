package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import java.util.Optional;

/** All accounts. */
public interface Accounts {

    /**
     * Adds an account without credits, durably.
     *
     * @throws IllegalArgumentException if its id is taken
     */
    void add(Account account);

    /** The account of that id; empty if there is none. */
    Optional<Account> find(AccountId id);

    /** Whether there is no account at all, as in a new installation. */
    boolean none();
}
