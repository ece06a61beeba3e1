package dev.imagerelay.adapters.telemetry;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The names of the cases of sealed types, as labels have them. */
final class Words {

    private static final Map<Class<?>, String> WORDS = new ConcurrentHashMap<>();

    private Words() {}

    /** Such as {@code insufficient_credits}. */
    static String of(Object value) {
        return WORDS.computeIfAbsent(value.getClass(), type ->
                type.getSimpleName().replaceAll("(?<=.)(?=[A-Z])", "_").toLowerCase(Locale.ROOT));
    }
}
