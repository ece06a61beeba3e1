package dev.imagerelay.bootstrap.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A Chromium without a window. Each of its tabs is somebody else's: they share no cookies and no storage. */
public final class Chromium implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String ADDRESS = "DevTools listening on ";

    private final Path profile;
    private final Process process;
    private final DevTools tools;

    private Chromium(Path profile, Process process, DevTools tools) {
        this.profile = profile;
        this.process = process;
        this.tools = tools;
    }

    /** Starts one, or skips the test, and says so, where none is installed. */
    public static Chromium start() throws IOException {
        Optional<Path> program = installed();
        if (program.isEmpty()) {
            String why = "SKIPPED: the pages are not tried, as none of " + NAMES + " is on the path";
            System.err.println(why); // as an assumption is told of in the report only
            Assumptions.abort(why);
        }
        Path profile = Files.createTempDirectory("chromium");
        Process process = new ProcessBuilder(
                        program.get().toString(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
                        "--disable-background-networking", "--disable-component-update", "--disable-sync",
                        "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--remote-debugging-port=0",
                        "--user-data-dir=" + profile, "about:blank")
                .redirectErrorStream(true)
                .start();
        return new Chromium(profile, process, new DevTools(address(process)));
    }

    private static Optional<Path> installed() {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static URI address(Process process) throws IOException {
        BufferedReader out = process.inputReader();
        List<String> said = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(ADDRESS)) {
                Thread reader = new Thread(() -> out.lines().forEach(more -> { }), "chromium"); // lest it waits for one
                reader.setDaemon(true);
                reader.start();
                return URI.create(line.substring(ADDRESS.length()));
            }
            said.add(line);
        }
        throw new IOException("Chromium ended before it listened: " + said);
    }

    /** A new tab on an empty page, as wide as a desk's screen. */
    public Tab open() {
        String context = tools.call(null, "Target.createBrowserContext", DevTools.parameters())
                .get("browserContextId").asText();
        String target = tools.call(null, "Target.createTarget", DevTools.parameters()
                        .put("url", "about:blank").put("browserContextId", context))
                .get("targetId").asText();
        String session = tools.call(null, "Target.attachToTarget", DevTools.parameters()
                        .put("targetId", target).put("flatten", true))
                .get("sessionId").asText();
        return new Tab(tools, context, session);
    }

    @Override
    public void close() throws IOException {
        tools.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
