package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.AuditRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** All accounts. */
public interface Accounts {

    /**
     * Adds an account without credits, durably and on record.
     *
     * @throws IllegalArgumentException if its id is taken
     */
    void add(Account account, AuditRecord record);

    /**
     * Changes an account as it is then, durably and on record.
     *
     * @param change what becomes of it; its id stays
     * @param record tells of the account before and after
     * @return the account after; empty if there is none of that id
     */
    Optional<Account> change(
            AccountId id, UnaryOperator<Account> change, BiFunction<Account, Account, AuditRecord> record);

    /** The account of that id; empty if there is none. */
    Optional<Account> find(AccountId id);

    /**
     * Accounts in the order of their ids.
     *
     * @param named only those whose name has this in it, in capital letters or small; empty: all
     * @param after only those behind it; empty: from the first
     * @param limit the most to return, at least 1
     */
    List<Account> list(Optional<String> named, Optional<AccountId> after, int limit);

    /** Whether there is no account at all, as in a new installation. */
    boolean none();
}
