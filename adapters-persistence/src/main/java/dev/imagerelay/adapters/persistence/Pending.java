package dev.imagerelay.adapters.persistence;

import dev.imagerelay.domain.ledger.Intent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Handle;

/** An intent or a change that somebody waits for to be durable. */
final class Pending<T> {

    private final Intent intent;
    private final Change<T> change;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private T result;
    private RuntimeException refusal;

    /** Exactly one of the two is not null. */
    Pending(Intent intent, Change<T> change) {
        this.intent = intent;
        this.change = change;
    }

    /** Empty for a change. */
    Optional<Intent> intent() {
        return Optional.ofNullable(intent);
    }

    /** Done as often as its transaction has to be repeated. */
    void apply(Handle handle, LedgerPage page) {
        if (intent == null) {
            result = change.apply(handle);
        } else {
            post(page);
        }
    }

    /** A rule that throws has changed nothing, so the transaction can go on without it. */
    @SuppressWarnings("unchecked")
    private void post(LedgerPage page) {
        try {
            result = (T) page.post(intent);
            refusal = null;
        } catch (RuntimeException e) {
            refusal = e;
        }
    }

    /** Answers with what it came to. */
    void succeed() {
        if (refusal == null) {
            answer.complete(result);
        } else {
            fail(refusal);
        }
    }

    /** Answers with a failure, unless it is answered already. */
    void fail(RuntimeException e) {
        answer.completeExceptionally(e);
    }

    /** Waits for the answer, but not for ever; an interrupt is left to the caller. */
    T await(Duration patience) throws TimeoutException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw (RuntimeException) e.getCause();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
