package dev.imagerelay.bootstrap.cli;

import java.util.List;
import picocli.CommandLine;

/** The commands that ask a running gateway. */
public final class AdminCommands {

    private static final List<Class<?>> OF_THEIR_OWN = List.of(
            AccountsCommand.class, KeysCommand.class, CreditsCommand.class, UsageCommand.class, RelaysCommand.class,
            LossCommand.class, AuditCommand.class, VerifyCommand.class);

    private AdminCommands() {}

    /** Adds them to a command line, which has a command {@code catalogue} already. */
    public static void addTo(CommandLine program) {
        OF_THEIR_OWN.forEach(program::addSubcommand);
        program.getSubcommands().get("catalogue").addSubcommand(CatalogueReload.class);
    }
}
