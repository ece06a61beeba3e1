package dev.imagerelay.bootstrap;

import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.catalogue.ImageModel;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.pricing.UnitPrice;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What can be done with a catalogue file. */
@Command(name = "catalogue", description = "Check a catalogue, or put it in force.", mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class CatalogueCommand {

    @Spec
    private CommandSpec command;

    @Command(name = "check", description = "Read a catalogue file and say what is wrong with it, or what it offers.",
            mixinStandardHelpOptions = true)
    int check(@Parameters(paramLabel = "FILE", arity = "1") Path file) {
        Catalogue catalogue = CatalogueFile.read(file);
        PrintWriter out = command.commandLine().getOut();
        for (ImageModel model : catalogue.models()) {
            List<Credits> prices = model.prices().unitPrices().stream().map(UnitPrice::credits).sorted().toList();
            out.printf("%s: %d sizes, %d qualities, %s to %s credits a picture%n", model.name(), model.sizes().size(),
                    model.qualities().size(), prices.get(0), prices.get(prices.size() - 1));
        }
        out.println("rate card " + catalogue.rateCard().version());
        return 0;
    }
}
