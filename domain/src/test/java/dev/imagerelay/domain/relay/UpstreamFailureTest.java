package dev.imagerelay.domain.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each failure says about the upstream's work, which decides whether anybody may ask again. */
class UpstreamFailureTest {

    @ParameterizedTest
    @CsvSource({
        // failure, another upstream may be asked, pictures may have been made
        "UNREACHABLE,        true,  false, unreachable",
        "BUSY,               true,  false, busy",
        "UNAVAILABLE,        true,  false, unavailable",
        "CREDENTIAL_REFUSED, true,  false, credential_refused",
        "QUOTA_EXHAUSTED,    true,  false, quota_exhausted",
        "ERROR_ANSWERED,     false, false, error_answered",
        "TIMED_OUT,          false, true,  timed_out",
        "CUT_OFF,            false, true,  cut_off",
        "UNUSABLE_ANSWER,    false, true,  unusable_answer",
        "NO_IMAGES,          false, true,  no_images",
        "TOO_LATE,           false, true,  too_late"
    })
    void whatItSaysOfTheUpstreamsWork(
            UpstreamFailure failure, boolean didNoWork, boolean mayHaveWorked, String code) {
        assertEquals(didNoWork, failure.didNoWork());
        assertEquals(mayHaveWorked, failure.mayHaveWorked());
        assertEquals(code, failure.code());
    }

    @Test
    void theTableAboveIsWhole() {
        assertEquals(11, UpstreamFailure.values().length);
    }
}
