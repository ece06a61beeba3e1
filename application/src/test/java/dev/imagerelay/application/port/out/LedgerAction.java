package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.relay.RelayId;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One thing that happens in a chain. It makes sense whatever happened before, so a chain stays one if some are left
 * out.
 */
sealed interface LedgerAction {

    /** What happens, in a word. */
    String verb();

    /**
     * Something is asked of the ledger for one account.
     *
     * @param words    the verb with all particulars
     * @param relay    the existing relay that it concerns; empty: none
     * @param asked    asks, and says what the answer was: postings, and exceptions as values
     * @param expected lets it happen to the model, and says what the answer should be: postings and refusals
     */
    record Step(
            String verb,
            String words,
            AccountId account,
            Optional<RelayId> relay,
            Function<CreditLedgerLaws.Run, Object> asked,
            Function<LedgerModel, Object> expected)
            implements LedgerAction {

        @Override
        public String toString() {
            return words;
        }
    }

    /** Something happens to everybody. */
    record Event(String verb, Consumer<CreditLedgerLaws> toLedger, Consumer<LedgerModel> toModel)
            implements LedgerAction {

        @Override
        public String toString() {
            return verb;
        }
    }
}
