package dev.imagerelay.adapters.http;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** What is logged while something happens. */
final class CapturedLog {

    private CapturedLog() {}

    interface Happening {
        void happen() throws Exception;
    }

    /** Every line above the level info. */
    static String during(Happening happening) throws Exception {
        PrintStream usual = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            happening.happen();
        } finally {
            System.setErr(usual);
        }
        return log.toString(StandardCharsets.UTF_8).lines()
                .filter(line -> !line.contains(" INFO "))
                .collect(Collectors.joining("\n"));
    }
}
