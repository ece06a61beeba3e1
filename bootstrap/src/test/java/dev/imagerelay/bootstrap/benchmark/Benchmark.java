package dev.imagerelay.bootstrap.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What the gateway costs: beside the bare upstream and beside nginx as a plain proxy, each in a process of its own on
 * this machine, everybody in turn, in one run, with the durable ledger on. On Linux only; nginx is measured if it is
 * there ({@code apt-get install nginx-light}). Takes two minutes, or about ten in full.
 *
 * <pre>
 * mvn -q -B -DskipTests -pl bootstrap -am package dependency:build-classpath -Dmdep.outputFile=/tmp/classpath
 * java -cp "bootstrap/target/test-classes:bootstrap/target/classes:$(cat /tmp/classpath)" \
 *     dev.imagerelay.bootstrap.benchmark.Benchmark [--full] [--old-java DIRECTORY]
 * </pre>
 *
 * <p>How many durable postings a second the books take is told by {@code LedgerBenchmark} in the module
 * {@code adapters-persistence}.
 */
@Command(name = "Benchmark", description = "Measures the gateway beside its upstream and beside nginx.",
        mixinStandardHelpOptions = true)
public final class Benchmark implements Callable<Integer> {

    @Option(names = "--full", description = "More and longer rounds, and all that is asked of it.")
    private boolean full;

    @Option(names = "--jar", paramLabel = "FILE", description = "The gateway; by default the one just built.")
    private Path jar = Path.of("bootstrap/target/image-relay.jar");

    @Option(names = "--other", paramLabel = "FILE", description = "Another build of it, measured on the wire as well.")
    private Optional<Path> other = Optional.empty();

    @Option(names = "--old-java", paramLabel = "DIRECTORY", description = "The oldest Java that it has to run on.")
    private Optional<Path> oldJava = Optional.empty();

    @Option(names = "--jvm-option", paramLabel = "OPTION", description = "For the JVM of the gateway, such as -Xmx1g.")
    private List<String> jvmOptions = new ArrayList<>();

    @Option(names = "--soak", paramLabel = "MINUTES", description = "So long at half of what it can do.")
    private int soakMinutes;

    @Parameters(paramLabel = "PART", description = "Only these: ${COMPLETION-CANDIDATES}; all by default.")
    private Set<Part> parts = EnumSet.noneOf(Part.class);

    /** What can be measured by itself. */
    enum Part {
        WIRE, MEMORY, OVERLOAD, START, STREAMS
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Benchmark()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Form form = full ? Form.FULL : Form.SHORT;
        try (Running upstream = FastUpstream.start()) {
            String[] options = jvmOptions.toArray(String[]::new);
            Gateway gateway = Gateway.of("gateway", Running.thisJava(), jar, upstream.port()).with(options);
            Optional<Gateway> old =
                    oldJava.map(java -> Gateway.of("gateway", java, jar, upstream.port()).with(options));
            if (wants(Part.WIRE)) {
                wire(form, upstream, gateway);
            }
            if (wants(Part.MEMORY)) {
                Memory.largeAnswers(gateway);
                Memory.inFlight("this Java", gateway, form.calls(), form.millis());
                if (old.isPresent()) {
                    Memory.inFlight("old Java", old.get(), Math.min(1_000, form.calls()), form.millis());
                }
            }
            if (wants(Part.OVERLOAD)) {
                Overload.byWaiting(gateway, form);
                Overload.byProcessor(gateway, form);
            }
            if (wants(Part.START)) {
                StartUp startUp = new StartUp(jar, form.rounds());
                System.out.println();
                startUp.run("this Java", Running.thisJava());
                if (oldJava.isPresent()) {
                    startUp.run("old Java", oldJava.get());
                }
            }
            if (wants(Part.STREAMS)) {
                Streams.run(gateway, full);
            }
            if (soakMinutes > 0) {
                Soak.run(gateway, soakMinutes);
            }
        }
        return 0;
    }

    private boolean wants(Part part) {
        return parts.isEmpty() && soakMinutes == 0 || parts.contains(part);
    }

    private void wire(Form form, Running upstream, Gateway gateway) throws Exception {
        List<Target> targets = new ArrayList<>();
        targets.add(new Target("direct", upstream, upstream.port(), "none"));
        try {
            Nginx.start(upstream.port()).ifPresent(targets::add);
            targets.add(gateway.start());
            if (other.isPresent()) {
                targets.add(Gateway.of("other", Running.thisJava(), other.get(), upstream.port()).start());
            }
            Wire wire = new Wire(form, targets);
            wire.warmUp();
            wire.latency();
            wire.throughput("200 B", 200, 64);
            wire.throughput("2 MiB", 2 << 20, 32);
            wire.throughput("8 MiB", 8 << 20, 16);
        } finally {
            targets.subList(1, targets.size()).forEach(Target::close);
        }
    }
}
