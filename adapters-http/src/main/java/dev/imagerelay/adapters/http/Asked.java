package dev.imagerelay.adapters.http;

import dev.imagerelay.domain.report.RelayQuery;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The query of an administrator's request. Its parameters are asked for by name; in the end {@link #read} names every
 * fault and every parameter that nobody asked for.
 */
final class Asked {

    private static final int USUAL_PAGE = 50;
    private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

    private final Context ctx;
    private final List<String> faults = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    Asked(Context ctx) {
        this.ctx = ctx;
    }

    /** What that parameter stands for; empty if it is left out. */
    <T> Optional<T> as(String name, String what, Function<String, T> reader) {
        names.add(name);
        List<String> sent = ctx.queryParams(name);
        if (sent.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (sent.size() == 1) {
                return Optional.of(reader.apply(sent.get(0)));
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            // told below
        }
        faults.add("'" + name + "' must be " + what);
        return Optional.empty();
    }

    Optional<String> text(String name) {
        return as(name, "one text without control characters", text -> {
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("a control character");
            }
            return text;
        });
    }

    /** A time, or a day, which stands for its beginning in UTC. */
    Optional<Instant> time(String name) {
        return as(name, "a time in UTC such as 2027-01-31T12:00:00Z, or a day such as 2027-01-31",
                text -> text.length() == 10
                        ? instant(text + "T00:00:00Z")
                        : instant(text));
    }

    /** A time that every database can take. */
    static Instant instant(String text) {
        Instant time = Instant.parse(text);
        if (time.isBefore(Instant.EPOCH) || !time.isBefore(END)) {
            throw new IllegalArgumentException("out of range");
        }
        return time;
    }

    <E extends Enum<E>> Optional<E> oneOf(String name, Class<E> values) {
        return as(name, "one of " + List.of(values.getEnumConstants()).toString().toLowerCase(Locale.ROOT),
                text -> Enum.valueOf(values, text.toUpperCase(Locale.ROOT)));
    }

    /** How many to show on a page. */
    int limit() {
        return as("limit", "a whole number from 1 to " + RelayQuery.MOST,
                        text -> within(Long.parseLong(text), RelayQuery.MOST))
                .map(Long::intValue)
                .orElse(USUAL_PAGE);
    }

    OptionalLong below() {
        return as("below", "a whole number", text -> within(Long.parseLong(text), Long.MAX_VALUE))
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    private static long within(long number, long most) {
        if (number < 1 || number > most) {
            throw new IllegalArgumentException("out of range");
        }
        return number;
    }

    /** A value made of what was asked for, unless something was wrong. */
    <T> Reading<T> read(Supplier<T> value) {
        Set<String> unknown = new TreeSet<>(ctx.queryParamMap().keySet());
        unknown.removeAll(names);
        unknown.forEach(name ->
                faults.add(ApiError.quoted(name) + " is not known here, where there are " + new TreeSet<>(names)));
        if (!faults.isEmpty()) {
            return Reading.refused(Problem.invalid(String.join("; ", faults) + "."));
        }
        try {
            return Reading.read(value.get());
        } catch (IllegalArgumentException e) {
            return Reading.refused(Problem.invalid(e.getMessage() + "."));
        }
    }
}
