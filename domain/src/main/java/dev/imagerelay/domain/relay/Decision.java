package dev.imagerelay.domain.relay;

import java.util.NoSuchElementException;
import java.util.function.Function;

/** What a check comes to: the value it was made for, or the reason there is none. */
public sealed interface Decision<T> {

    record Accepted<T>(T value) implements Decision<T> {
        @Override
        public <U> Decision<U> then(Function<T, Decision<U>> next) {
            return next.apply(value);
        }

        @Override
        public T orThrow() {
            return value;
        }
    }

    record Refused<T>(Declined why) implements Decision<T> {
        @Override
        public <U> Decision<U> then(Function<T, Decision<U>> next) {
            return new Refused<>(why);
        }

        @Override
        public T orThrow() {
            throw new NoSuchElementException("declined: " + why);
        }
    }

    static <T> Decision<T> accepted(T value) {
        return new Accepted<>(value);
    }

    static <T> Decision<T> refused(Declined why) {
        return new Refused<>(why);
    }

    /** The next check of an accepted value; a refusal stays what it is. */
    <U> Decision<U> then(Function<T, Decision<U>> next);

    /**
     * The value, where a refusal would be a mistake of the program.
     *
     * @throws NoSuchElementException naming the refusal
     */
    T orThrow();
}
