package dev.imagerelay.bootstrap;

import dev.imagerelay.adapters.persistence.DatabaseUnusable;
import dev.imagerelay.application.port.in.ReloadCatalogue;
import dev.imagerelay.application.port.out.StoreUnavailable;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the server until it is told to stop. */
@Command(name = "serve", description = "Run the server (the default).", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    @Option(names = "--config", paramLabel = "FILE", description = "Settings, default ${DEFAULT-VALUE} if it exists.")
    private Path config = Settings.USUAL_FILE;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Settings settings = Settings.read(config, System.getenv());
        Wiring wiring = new Wiring(settings, Clock.systemUTC(), new SecureRandom());
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            wiring.close();
            stopped.countDown();
        }, "shutdown"));
        announce(settings, wiring, System.out);
        Hangup.handle(() -> reload(wiring.catalogue()));
        stopped.await();
        return 0;
    }

    private static void reload(ReloadCatalogue catalogue) {
        ReloadCatalogue.Outcome outcome = catalogue.reload("SIGHUP");
        if (outcome instanceof ReloadCatalogue.Refused refused) {
            LOG.error("the catalogue was not reloaded: {}", refused.why());
        } else {
            LOG.info("the catalogue was reloaded; prices are {}", catalogue.current().rateCard().version());
        }
    }

    private static void announce(Settings settings, Wiring wiring, PrintStream out) {
        out.println("Image Relay is ready on http://localhost:" + wiring.port());
        wiring.adminPort().ifPresent(port -> out.println("Administrators are listened to on port " + port));
        if (settings.upstreams().isEmpty()) {
            out.println("No upstream is configured, so the built-in sample upstream draws every picture.");
            out.println("Set OPENAI_API_KEY to send gpt-image-2 to OpenAI instead.");
        }
        if (wiring.database().accounts().none()) {
            String model = wiring.catalogue().current().models().get(0).name().value();
            Demo.open(wiring.administration(), model, wiring.port(), out);
        }
    }

    /** Whether a failure to start is something that the operator can put right. */
    static boolean canBePutRight(Throwable failure) {
        return failure instanceof ConfigurationError
                || failure instanceof DatabaseUnusable
                || failure instanceof StoreUnavailable
                || failure instanceof BindException;
    }
}
