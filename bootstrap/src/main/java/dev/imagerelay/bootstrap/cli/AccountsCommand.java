package dev.imagerelay.bootstrap.cli;

import picocli.CommandLine.Command;

/** The commands below {@code accounts}. */
@Command(name = "accounts", description = "Look at accounts and change them.", mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND", subcommands = {
            AccountsList.class, AccountsOpen.class, AccountsShow.class, AccountsSuspend.class, AccountsResume.class,
            AccountsLimits.class
        })
final class AccountsCommand {}
