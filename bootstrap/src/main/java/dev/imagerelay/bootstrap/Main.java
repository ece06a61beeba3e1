package dev.imagerelay.bootstrap;

import dev.imagerelay.bootstrap.cli.AdminCommands;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The command line. Results go to standard output, talk to standard error; the exit code is 0 if it went well, 1 if it
 * did not, 2 if the command made no sense.
 */
@Command(
        name = "image-relay",
        description = "A gateway that sells AI images by the picture, from prepaid credits.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = {
            ServeCommand.class, ConfigCommand.class, QuoteCommand.class, CatalogueCommand.class, BooksCommand.class,
            GenerateCompletion.class
        })
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        // JSON and names are in UTF-8, whatever the JVM thinks of the terminal.
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), true);
        System.exit(commandLine().setOut(out).execute(arguments.length == 0 ? new String[] {"serve"} : arguments));
    }

    static CommandLine commandLine() {
        CommandLine program = new CommandLine(new Main());
        AdminCommands.addTo(program);
        tellVersion(program, program.getCommandSpec().versionProvider());
        return program.setExecutionExceptionHandler(Main::explain).setParameterExceptionHandler(Main::refuse);
    }

    private static void tellVersion(CommandLine command, CommandLine.IVersionProvider version) {
        command.getCommandSpec().versionProvider(version);
        command.getSubcommands().values().forEach(below -> tellVersion(below, version));
    }

    /** What makes no sense, and where it is said what would. */
    private static int refuse(ParameterException nonsense, String... arguments) {
        CommandLine command = nonsense.getCommandLine();
        command.getErr().println("image-relay: " + nonsense.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(nonsense, command.getErr());
        command.getErr().println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    /** A line for each thing that somebody can put right; the whole story for what is our own mistake. */
    private static int explain(Exception failure, CommandLine command, ParseResult parsed) {
        if (ServeCommand.canBePutRight(failure)) {
            String.valueOf(failure.getMessage()).lines()
                    .forEach(line -> command.getErr().println("image-relay: " + line));
        } else {
            failure.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The version that the build has put into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        /** Without the name of the program. */
        static String number() {
            String version = Main.class.getPackage().getImplementationVersion();
            return version == null ? "(not packaged)" : version;
        }

        @Override
        public String[] getVersion() {
            return new String[] {"image-relay " + number()};
        }
    }
}
