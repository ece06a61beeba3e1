package dev.imagerelay.domain.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A secret has one form, does not give itself away, and is recognised by its own digest alone. */
class ApiKeySecretTest {

    private static final String PREFIX = "sk-relay-Ab3dE6gH";
    private static final String TEXT = PREFIX + "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg";

    private static final ApiKeySecret SECRET = ApiKeySecret.read(TEXT).orElseThrow();

    @Test
    void isReadWholeAndShownWholeOnlyWhenAsked() {
        assertEquals(TEXT, SECRET.reveal());
        assertEquals(PREFIX, SECRET.prefix());
        assertEquals(PREFIX + "-...", SECRET.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "sk-relay-Ab3dE6gH",
        "sk-relay-Ab3dE6gH-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef", // one too few
        "sk-relay-Ab3dE6gH-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh", // one too many
        "sk-relay-Ab3dE6g-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg",
        "sk-proj-Ab3dE6gH-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg",
        "SK-RELAY-Ab3dE6gH-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg",
        "sk-relay-Ab3dE6gH_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg",
        "sk-relay-Ab3dE6gH-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef-",
        "sk-relay-Ab3dE6gH-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefé",
        " sk-relay-Ab3dE6gH-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg",
        "sk-relay-Ab3dE6gH-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg\n",
        "Bearer sk-relay-Ab3dE6gH-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg"
    })
    void whatIsMisspeltIsNoKey(String presented) {
        assertEquals(Optional.empty(), ApiKeySecret.read(presented));
    }

    @Test
    void aHundredThousandMadeKeysAreWellFormedAndDifferInBothTheirParts() {
        Random random = new Random(1);
        Set<String> prefixes = new HashSet<>();
        Set<String> secretParts = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            ApiKeySecret made = ApiKeySecret.make(random);
            assertEquals(made.reveal(), ApiKeySecret.read(made.reveal()).orElseThrow().reveal());
            prefixes.add(made.prefix());
            secretParts.add(made.reveal().substring(made.prefix().length()));
        }
        assertEquals(100_000, prefixes.size());
        assertEquals(100_000, secretParts.size());
    }

    @Test
    void theSecretPartDrawsOnEveryLetterAndDigit() {
        Random random = new Random(1);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            ApiKeySecret.make(random).reveal().substring(18).chars().forEach(seen::add);
        }
        assertEquals(62, seen.size());
    }

    @Test
    void theDigestIsTheSha256OfTheWholeText() {
        String bySha256sum = "da303220a82813f6f8dfe48ee034b6855cf6f899bd54ad10f95c320f7daf3d7b";

        assertEquals(bySha256sum, HexFormat.of().formatHex(SECRET.digest().bytes()));
    }

    @Test
    void theDigestRecognisesItsOwnSecretAndNoneThatDiffersInOneCharacter() {
        assertTrue(SECRET.digest().matches(ApiKeySecret.read(TEXT).orElseThrow()));
        for (int i = PREFIX.length() + 1; i < TEXT.length(); i++) {
            String changed = TEXT.substring(0, i) + 'x' + TEXT.substring(i + 1);
            assertFalse(SECRET.digest().matches(ApiKeySecret.read(changed).orElseThrow()), changed);
        }
    }

    @Test
    void theDigestIsAValueThatNobodyCanChangeOrReadInALog() {
        byte[] bytes = SECRET.digest().bytes();
        ApiKeyDigest digest = new ApiKeyDigest(bytes);
        bytes[0]++;
        digest.bytes()[1]++;

        assertEquals(SECRET.digest(), digest);
        assertEquals(SECRET.digest().hashCode(), digest.hashCode());
        assertNotEquals(digest, new ApiKeyDigest(bytes));
        assertEquals("sha256:...", digest.toString());
        assertThrows(IllegalArgumentException.class, () -> new ApiKeyDigest(new byte[31]));
    }
}
