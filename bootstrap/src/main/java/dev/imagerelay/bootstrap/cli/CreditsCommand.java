package dev.imagerelay.bootstrap.cli;

import picocli.CommandLine.Command;

/** The commands below {@code credits}. */
@Command(name = "credits", description = "Give and take credits, and see where they went.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", subcommands = {
            CreditsBalance.class, CreditsGrant.class, CreditsAdjust.class, CreditsRefund.class,
            CreditsEntries.class
        })
final class CreditsCommand {}
