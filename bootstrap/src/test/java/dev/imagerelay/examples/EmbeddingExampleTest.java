package dev.imagerelay.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.adapters.upstream.OpenAiUpstreams;
import dev.imagerelay.adapters.upstream.UpstreamSettings;
import dev.imagerelay.adapters.upstream.sample.SampleUpstream;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.AdministerAccounts.GrantOrder;
import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.application.service.ImageRelay;
import dev.imagerelay.bootstrap.CatalogueFile;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.Caller;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.image.ImageOrder;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.RequestBody;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Image Relay inside another program, as the README shows it. */
class EmbeddingExampleTest {

    @TempDir
    Path directory;

    @Test
    void aProgramMakesAPictureAndPaysForIt() throws IOException {
        Path picture = directory.resolve("answer.json");
        try (SampleUpstream sample = SampleUpstream.start(0, Duration.ZERO, Clock.systemUTC());
                OutputStream out = Files.newOutputStream(picture)) {
            makeAPicture(directory, sample.baseUrl(), out);
        }
        assertTrue(Files.readString(picture).contains("b64_json"));
    }

    private static void makeAPicture(Path directory, URI baseUrl, OutputStream out) throws IOException {
        // README: embedding
        String url = "jdbc:h2:file:" + directory + "/books;WRITE_DELAY=0;RETENTION_TIME=5000";
        UpstreamSettings openai = UpstreamSettings.of("openai", baseUrl, Optional.of("sk-..."));
        Clock clock = Clock.systemUTC();
        try (Database database = Database.open(url, clock);
                OpenAiUpstreams upstreams = new OpenAiUpstreams(List.of(openai), directory.resolve("spool"), clock)) {
            Catalogue catalogue = CatalogueFile.builtIn();
            database.rateCards().keep(catalogue.rateCard());
            AdministerAccounts office = ImageRelay.administerAccounts(
                    database.accounts(), database.keys(), database.ledger(), clock, new SecureRandom());
            GenerateImages images = ImageRelay.generateImages(() -> catalogue, database.ledger(), upstreams, clock);

            Account ann = office.open("Ann");
            office.grant(ann.id(), GrantOrder.of(Credits.of("10"), GrantSource.PURCHASED));
            ImageOrder order = ImageOrder.of("gpt-image-2", "a lighthouse at dawn").at("1024x1024");
            RelayOutcome outcome = images.generate(new GenerateImages.Command(
                    RelayId.of(UUID.randomUUID()), new Caller(ann.id(), "in-house"), order, RequestBody.of(order)));

            if (outcome instanceof RelayOutcome.Delivered delivered) {
                delivered.body().writeTo(out); // the upstream's own ImagesResponse
                delivered.body().close();
                System.out.println("charged " + delivered.receipt().charged() + " credits");
            }
        }
        // README: end
    }
}
