package dev.imagerelay.adapters.http;

import dev.imagerelay.domain.relay.Decision;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What becomes of a part of a request: the value that was read from it, or the error that answers it. */
sealed interface Reading<T> {

    record Read<T>(T value) implements Reading<T> {
        @Override
        public <U> Reading<U> then(Function<T, Reading<U>> next) {
            return next.apply(value);
        }

        @Override
        public Answer answer(Function<T, Answer> answer) {
            return answer.apply(value);
        }
    }

    record Refused<T>(Answer error) implements Reading<T> {
        @Override
        public <U> Reading<U> then(Function<T, Reading<U>> next) {
            return new Refused<>(error);
        }

        @Override
        public Answer answer(Function<T, Answer> answer) {
            return error;
        }
    }

    static <T> Reading<T> read(T value) {
        return new Read<>(value);
    }

    static <T> Reading<T> refused(Answer error) {
        return new Refused<>(error);
    }

    /** A decision of the domain, its refusal as the error that tells it. */
    static <T> Reading<T> of(Decision<T> decision) {
        return decision instanceof Decision.Refused<T> refused
                ? refused(ErrorMapping.of(refused.why()))
                : read(decision.orThrow());
    }

    /** Reads on from the value; a refusal stays what it is. */
    <U> Reading<U> then(Function<T, Reading<U>> next);

    /** The same reading with its error in another form. */
    default Reading<T> otherwise(UnaryOperator<Answer> form) {
        return this instanceof Refused<T> refused ? refused(form.apply(refused.error())) : this;
    }

    /** The answer to the value, or the error. */
    Answer answer(Function<T, Answer> answer);
}
