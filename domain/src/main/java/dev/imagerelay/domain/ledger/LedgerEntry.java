package dev.imagerelay.domain.ledger;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayId;
import java.time.Instant;
import java.util.Optional;

/**
 * One line in the books: an amount went from one pot to another. Entries are appended and never changed.
 *
 * @param account whose credits
 * @param kind    what happened, and so which way they went
 * @param amount  how many, more than zero
 * @param grant   which of the account's grants they belong to
 * @param relay   the relay it was for; empty if it was for none
 * @param note    who did it and why; empty unless somebody did it by hand
 * @param at      when, by the clock of the store
 */
public record LedgerEntry(
        AccountId account,
        EntryKind kind,
        Credits amount,
        GrantId grant,
        Optional<RelayId> relay,
        Optional<Note> note,
        Instant at) {

    public LedgerEntry {
        if (amount.isZero()) {
            throw new IllegalArgumentException("an entry moves more than nothing");
        }
    }

    /**
     * Who did something by hand, and why.
     *
     * @param who    the actor, 1 to 100 characters
     * @param reason in words, 1 to 500 characters
     */
    public record Note(String who, String reason) {

        public Note {
            if (who.isBlank() || who.length() > 100) {
                throw new IllegalArgumentException("say who does this, in 1 to 100 characters");
            }
            if (reason.isBlank() || reason.length() > 500) {
                throw new IllegalArgumentException("say why, in 1 to 500 characters");
            }
        }
    }
}
