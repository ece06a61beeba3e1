package dev.imagerelay.bootstrap;

import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Quote;
import dev.imagerelay.domain.relay.Decision;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells a price from a catalogue file alone: no server, no database, no network. */
@Command(name = "quote", description = "Tell what an order would cost, offline.", mixinStandardHelpOptions = true)
final class QuoteCommand implements Callable<Integer> {

    @Option(names = "--model", required = true, description = "The model's public name.")
    private String model;

    @Option(names = "--size", description = "Such as 1024x1024; left out or auto: the model chooses.")
    private String size = "auto";

    @Option(names = "--quality", description = "Such as high; left out or auto: the model chooses.")
    private String quality = "auto";

    @Option(names = {"-n", "--images"}, description = "How many pictures, default ${DEFAULT-VALUE}.")
    private int images = 1;

    @Option(names = "--catalogue", paramLabel = "FILE", description = "The catalogue, default the built-in one.")
    private Path catalogue;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Catalogue offered = catalogue == null ? CatalogueFile.builtIn() : CatalogueFile.read(catalogue);
        Decision<Quote> decision = offered.quote(order());
        if (decision instanceof Decision.Refused<Quote> refused) {
            throw new ConfigurationError(refused.why().match(new NotOffered()));
        }
        print(decision.orThrow());
        return 0;
    }

    private ImageOrder order() {
        try {
            return new ImageOrder(
                    new ModelId(model), "(offline)", images, chosen(size).map(ImageSize::new),
                    chosen(quality).map(ImageQuality::new), Optional.empty(), Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationError(e.getMessage(), e);
        }
    }

    private static Optional<String> chosen(String value) {
        return value.equals("auto") ? Optional.empty() : Optional.of(value);
    }

    private void print(Quote quote) {
        command.commandLine().getOut().printf(
                "%s credits: %d x %s for size %s, quality %s%s; rate card %s%n",
                quote.total(), quote.images(), quote.unit().credits(), size, quality,
                quote.isExact() ? "" : ", at most: the dearest the model may choose", quote.version());
    }
}
