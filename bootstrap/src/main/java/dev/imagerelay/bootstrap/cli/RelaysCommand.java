package dev.imagerelay.bootstrap.cli;

import picocli.CommandLine.Command;

/** The commands below {@code relays}. */
@Command(name = "relays", description = "Look at what was ordered.", mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND", subcommands = {
            RelaysSearch.class, RelaysShow.class, RelaysHeld.class
        })
final class RelaysCommand {}
