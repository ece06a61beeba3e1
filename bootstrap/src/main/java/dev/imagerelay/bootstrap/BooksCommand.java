package dev.imagerelay.bootstrap;

import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.domain.report.Loss;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What an operator asks of the books. An H2 file can be asked only while no server has it open. */
@Command(name = "books", description = "Ask the books in a database, with no server between.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class BooksCommand {

    @Spec
    private CommandSpec command;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings, default ${DEFAULT-VALUE} if it exists.",
            scope = picocli.CommandLine.ScopeType.INHERIT)
    private Path config = Settings.USUAL_FILE;

    @Command(name = "verify", description = "Check that every credit is accounted for and every price was right; exits 1 if not.",
            mixinStandardHelpOptions = true)
    int verify() {
        try (Database database = open()) {
            List<String> offenders = database.books().verify();
            PrintWriter out = command.commandLine().getOut();
            offenders.forEach(out::println);
            out.println(offenders.isEmpty() ? "the books balance" : offenders.size() + " offenders");
            return offenders.isEmpty() ? 0 : 1;
        }
    }

    @Command(name = "losses", description = "Relays that upstreams may have charged for while no customer paid.",
            mixinStandardHelpOptions = true)
    int losses(@Option(names = "--days", description = "Of so many days, default ${DEFAULT-VALUE}.",
            defaultValue = "30") int days) {
        try (Database database = open()) {
            PrintWriter out = command.commandLine().getOut();
            for (Loss loss : database.books().losses(Clock.systemUTC().instant().minus(Duration.ofDays(days)))) {
                out.printf("%s, %s: %d relays of %d images, up to %s credits%n",
                        loss.model(), loss.reason(), loss.relays(), loss.images(), loss.quoted());
            }
            return 0;
        }
    }

    private Database open() {
        return Wiring.database(Settings.read(config, System.getenv()).databaseUrl(), Clock.systemUTC());
    }
}
