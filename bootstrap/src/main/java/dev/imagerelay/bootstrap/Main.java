package dev.imagerelay.bootstrap;

import picocli.CommandLine;
import picocli.CommandLine.Command;
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
        subcommands = {ServeCommand.class, QuoteCommand.class, CatalogueCommand.class, BooksCommand.class})
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments.length == 0 ? new String[] {"serve"} : arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler(Main::explain);
    }

    /** One line for what somebody can put right; the whole story for what is our own mistake. */
    private static int explain(Exception failure, CommandLine command, ParseResult parsed) {
        if (ServeCommand.canBePutRight(failure)) {
            command.getErr().println("image-relay: " + failure.getMessage());
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
