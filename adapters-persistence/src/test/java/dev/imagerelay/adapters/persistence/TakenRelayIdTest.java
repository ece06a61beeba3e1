package dev.imagerelay.adapters.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.application.Records;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Intent;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Claim;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RequestBody;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A relay's id is taken once, also if it comes again with the claim it has made, or in the same batch. */
@ParameterizedClass
@EnumSource(Store.Kind.class)
class TakenRelayIdTest {

    @RegisterExtension
    final FreshDatabase fresh;

    private final AccountId ann = new AccountId("ann");
    private final Relay relay = Samples.relay(ann);

    TakenRelayIdTest(Store.Kind kind) {
        fresh = new FreshDatabase(kind);
    }

    @BeforeEach
    void open() {
        fresh.database().rateCards().keep(Samples.CARD);
        fresh.database().accounts().add(new Account(ann, "Ann"), Records.ANY);
        fresh.database().ledger().post(Samples.grant(ann, "100"));
    }

    @Test
    void anIdThatComesAgainWithItsClaimIsTaken() {
        Optional<Claim> claim =
                Optional.of(Claim.attempt("sk", 0, RequestBody.of(ImageOrder.of("painter", "a fox"))));
        fresh.database().ledger().post(Intent.hold(relay, claim));

        assertThrows(RuntimeException.class, () -> fresh.database().ledger().post(Intent.hold(relay, claim)));

        assertEquals(new Balance(Credits.of("99"), Credits.of("1")), fresh.database().ledger().balance(ann));
    }

    @Test
    void anIdThatComesOftenAtOnceIsTakenOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(32);
        Callable<Posting> attempt = () -> fresh.database().ledger().post(Intent.hold(relay));
        threads.invokeAll(Collections.nCopies(32, attempt));
        threads.shutdown();

        assertEquals(new Balance(Credits.of("99"), Credits.of("1")), fresh.database().ledger().balance(ann));
    }
}
