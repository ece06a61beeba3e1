package dev.imagerelay.bootstrap;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What can be told of the settings, before a server is started with them. */
@Command(name = "config", description = "Look at the settings, without starting a server.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand {

    @Spec
    private CommandSpec command;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings, default ${DEFAULT-VALUE} if it exists.",
            scope = ScopeType.INHERIT)
    private Path config = Settings.USUAL_FILE;

    @Command(name = "check", description = "Say everything that is wrong with the settings and the catalogue; exits 1.",
            mixinStandardHelpOptions = true)
    int check() {
        List<String> faults = Wiring.faults(Settings.read(config, System.getenv()));
        if (!faults.isEmpty()) {
            throw new ConfigurationError(String.join("\n", faults));
        }
        command.commandLine().getOut().println("the settings make sense");
        return 0;
    }

    @Command(name = "print", description = "Print what would be in force, secrets masked.",
            mixinStandardHelpOptions = true)
    int print() {
        PrintWriter out = command.commandLine().getOut();
        Settings.read(config, System.getenv()).effective().forEach((name, value) -> out.println(name + ": " + value));
        return 0;
    }
}
