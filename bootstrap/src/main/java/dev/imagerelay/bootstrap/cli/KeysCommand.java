package dev.imagerelay.bootstrap.cli;

import picocli.CommandLine.Command;

/** The commands below {@code keys}. */
@Command(name = "keys", description = "Issue keys, change and revoke them.", mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND", subcommands = {
            KeysList.class, KeysIssue.class, KeysChange.class, KeysRoll.class, KeysRevoke.class
        })
final class KeysCommand {}
