package dev.imagerelay.bootstrap.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How soon it is ready, and what it takes up while nobody asks; by itself, and with the launcher and its archive. */
final class StartUp {

    private static final Path LAUNCHER = Path.of("bootstrap/src/main/launcher/image-relay");

    private final Path jar;
    private final int starts;

    StartUp(Path jar, int starts) {
        this.jar = jar;
        this.starts = starts;
    }

    void run(String what, Path java) throws Exception {
        run(what + ", java -jar", Gateway.of("gateway", java, jar, 1));
        Path launcher = install();
        run(what + ", launcher", new Gateway(
                "gateway", jar, List.of(launcher.toString()), 1, Map.of("JAVA_HOME", java.toString())));
    }

    /** A copy of the build with the launcher beside it, where it may leave its archive. */
    private Path install() throws IOException {
        Path directory = Scratch.directory("installed");
        Files.copy(jar, directory.resolve(jar.getFileName()));
        Files.createDirectory(directory.resolve("lib"));
        try (Stream<Path> libraries = Files.list(jar.resolveSibling("lib"))) {
            for (Path library : libraries.toList()) {
                Files.copy(library, directory.resolve("lib").resolve(library.getFileName()));
            }
        }
        return Files.copy(LAUNCHER, directory.resolve("image-relay"));
    }

    /** Several starts on the same books, after one that does not count and may leave an archive behind. */
    private void run(String what, Gateway gateway) throws Exception {
        Path directory = gateway.customerOfMeans();
        gateway.secondsToReady(directory);
        Spread millis = new Spread();
        for (int i = 0; i < starts; i++) {
            millis.add(gateway.secondsToReady(directory) * 1000);
        }
        try (Target idle = gateway.start(directory)) {
            TimeUnit.SECONDS.sleep(2);
            System.out.printf("%-28s ready after %22s ms, idle %4d MiB, %3d threads%n", what, millis.print(0),
                    idle.process().resident(), idle.process().threads());
        }
    }
}
