package dev.imagerelay.bootstrap;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * Starts {@link CrashingServer}s, in half the usual time: from jars only, and with an archive of the classes that the
 * first of them has loaded.
 */
final class QuickStart {

    private static final List<String> SMALL = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final String classPath;
    private final Path archive;

    private QuickStart(String classPath, Path archive) {
        this.classPath = classPath;
        this.archive = archive;
    }

    /** Makes jars and archive in a directory, which has to stay. */
    static QuickStart prepare(Path directory) throws Exception {
        QuickStart start = new QuickStart(jars(directory), directory.resolve("classes.jsa"));
        Path installation = Files.createDirectory(directory.resolve("first"));
        try (RecordingUpstream upstream = new RecordingUpstream();
                ServerProcess first = start.start(
                        installation, ServerProcess.databaseUrl(installation), upstream.baseUrl(),
                        List.of("-XX:ArchiveClassesAtExit=" + start.archive))) {
            first.generate(new Customers.Order(1, false).json()).get();
            first.askToStop();
            first.exitCode();
        }
        return start;
    }

    /** The class path of this process, with a jar for every directory. */
    private static String jars(Path directory) {
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        List<String> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(System.getProperty("path.separator"))) {
            if (Files.isDirectory(Path.of(entry))) {
                String made = directory.resolve(classPath.size() + ".jar").toString();
                if (jar.run(System.out, System.err, "-c", "-f", made, "--no-compress", "-C", entry, ".") != 0) {
                    throw new IllegalStateException("cannot make a jar of " + entry);
                }
                classPath.add(made);
            } else {
                classPath.add(entry);
            }
        }
        return String.join(System.getProperty("path.separator"), classPath);
    }

    /** Starts one. */
    ServerProcess start(Path directory, String databaseUrl, URI upstream, List<String> options) throws IOException {
        List<String> program = new ArrayList<>(SMALL);
        if (Files.exists(archive)) {
            program.add("-XX:SharedArchiveFile=" + archive);
        }
        program.addAll(options);
        program.addAll(List.of("-cp", classPath, CrashingServer.class.getName()));
        return ServerProcess.start(program, directory, databaseUrl, upstream);
    }
}
