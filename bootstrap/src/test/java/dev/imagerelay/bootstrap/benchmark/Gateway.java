package dev.imagerelay.bootstrap.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The gateway as operators run it: the packaged jar in a process of its own, its books in an H2 file, every posting on
 * the disk before its caller goes on.
 *
 * @param name     how it is called in what is printed
 * @param jar      the build
 * @param command  what runs it, up to the command line of its own
 * @param upstream the port of the upstream
 */
record Gateway(String name, Path jar, List<String> command, int upstream, Map<String, String> environment) {

    private static final Pattern READY = Pattern.compile("ready on http://localhost:(\\d+)");
    private static final Pattern LIVE_BYTES = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

    /** The jar, run by a Java. */
    static Gateway of(String name, Path java, Path jar, int upstream) {
        List<String> command = List.of(java.resolve("bin/java").toString(), "-jar", jar.toString());
        return new Gateway(name, jar, command, upstream, Map.of());
    }

    /** The same with options for the JVM. */
    Gateway with(String... jvmOptions) {
        List<String> longer = new ArrayList<>(command);
        longer.addAll(1, List.of(jvmOptions));
        return new Gateway(name, jar, longer, upstream, environment);
    }

    /** The same before another upstream. */
    Gateway before(int otherUpstream) {
        return new Gateway(name, jar, command, otherUpstream, environment);
    }

    /** The same with an environment variable. */
    Gateway set(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new Gateway(name, jar, command, upstream, more);
    }

    /** Starts it on new books, with one customer who can pay for everything. */
    Target start() throws IOException, InterruptedException {
        return start(customerOfMeans());
    }

    /** Starts it in a directory in which it has been before. */
    Target start(Path directory) throws IOException {
        Running process = launch(directory);
        awaitReady(process, directory);
        return new Target(name, process, process.port(), Files.readString(directory.resolve("key")));
    }

    /** Starts it, and tells after how many seconds it was ready. */
    double secondsToReady(Path directory) throws IOException, InterruptedException {
        try (Running process = launch(directory)) {
            double seconds = awaitReady(process, directory);
            process.stop();
            return seconds;
        }
    }

    private static double awaitReady(Running process, Path directory) throws IOException {
        try {
            return process.await(READY);
        } catch (IOException e) {
            throw new IOException(Files.readString(directory.resolve("log")), e);
        }
    }

    private Running launch(Path directory) throws IOException {
        return Running.start(inside(directory, "serve").redirectError(directory.resolve("log").toFile()));
    }

    /** What its books say to being verified, once it has stopped. */
    String verifyBooks(Path directory) throws IOException, InterruptedException {
        Process verify = inside(directory, "books", "verify").redirectErrorStream(true).start();
        String said = new String(verify.getInputStream().readAllBytes()).strip();
        return verify.waitFor() == 0 ? said : "NOT BALANCED: " + said;
    }

    private ProcessBuilder inside(Path directory, String... arguments) {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(whole);
        Map<String, String> settings = builder.environment();
        settings.put("IMAGE_RELAY_HTTP_PORT", "0");
        settings.put("IMAGE_RELAY_DATABASE_URL", Customer.databaseUrl(directory));
        settings.put("IMAGE_RELAY_SPOOL", directory.resolve("spool").toString());
        settings.put("IMAGE_RELAY_UNSETTLED", directory.resolve("unsettled").toString());
        settings.put("IMAGE_RELAY_RESULTS_DIRECTORY", directory.resolve("results").toString());
        settings.put("OPENAI_API_KEY", "upstream-secret");
        settings.put("IMAGE_RELAY_UPSTREAMS_OPENAI_BASE_URL", "http://127.0.0.1:" + upstream + "/v1");
        settings.putAll(environment);
        return builder;
    }

    /** A directory with one customer who can pay for everything. */
    Path customerOfMeans() throws IOException, InterruptedException {
        Path directory = Scratch.directory("benchmark");
        Customer.open(jar, directory);
        return directory;
    }

    /** How many bytes are alive in the heap of a running one, which collects its garbage for that. */
    static long liveHeap(Target gateway) throws IOException {
        Process jcmd = new ProcessBuilder(Running.thisJava().resolve("bin/jcmd").toString(),
                        String.valueOf(gateway.process().pid()), "GC.class_histogram")
                .start();
        Matcher total = LIVE_BYTES.matcher(new String(jcmd.getInputStream().readAllBytes()));
        if (!total.find()) {
            throw new IOException("jcmd cannot look into the heap");
        }
        return Long.parseLong(total.group(1));
    }
}
