package dev.imagerelay.domain.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Checks follow one another until the first refusal. */
class DecisionTest {

    private static final Declined KEY_REFUSED = new Declined.KeyRefused();

    @Test
    void anAcceptedValueGoesToTheNextCheck() {
        Decision<Integer> decision = Decision.accepted(2).then(value -> Decision.accepted(value * 3));

        assertEquals(Decision.accepted(6), decision);
        assertEquals(6, decision.orThrow());
    }

    @Test
    void theNextCheckCanRefuse() {
        assertEquals(
                Decision.refused(KEY_REFUSED), Decision.accepted(2).then(value -> Decision.refused(KEY_REFUSED)));
    }

    @Test
    void aRefusalStaysAndTheNextCheckIsNotMade() {
        Decision<Integer> refused = Decision.refused(KEY_REFUSED);

        assertEquals(Decision.refused(KEY_REFUSED), refused.then(value -> fail("checked " + value)));
    }

    @Test
    void aRefusalHasNoValueAndSaysWhy() {
        Decision<Integer> refused = Decision.refused(KEY_REFUSED);

        NoSuchElementException thrown = assertThrows(NoSuchElementException.class, refused::orThrow);
        assertTrue(thrown.getMessage().contains("KeyRefused"), thrown.getMessage());
    }
}
