package dev.imagerelay.bootstrap;

import dev.imagerelay.adapters.http.RelayHttpServer;
import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.adapters.persistence.ResultFiles;
import dev.imagerelay.adapters.persistence.UnsettledFile;
import dev.imagerelay.adapters.upstream.OpenAiUpstreams;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.AdministerAccounts.GrantOrder;
import dev.imagerelay.application.port.out.ImageUpstream;
import dev.imagerelay.application.port.out.ModelCatalogue;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.Unsettled;
import dev.imagerelay.application.service.ImageRelay;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.ledger.Ending;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.ReplyBody;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The server put together as an embedder would, on an H2 file, except that it dies at the {@link Crash} it was told.
 * Once it has swept, and before it serves, it writes into a file what is in its books.
 */
final class CrashingServer {

    static final AccountId ACCOUNT = new AccountId("acct_campaign");

    /** The property that says where the books are to be written. */
    static final String BOOKS = "crash.books";

    private CrashingServer() {}

    public static void main(String[] arguments) {
        try {
            serve();
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1); // as threads that have started would keep the process alive
        }
    }

    private static void serve() throws IOException {
        Settings settings = Settings.read(Settings.USUAL_FILE, System.getenv());
        Clock time = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        Crash crash = new Crash();

        Database database = Database.open(settings.databaseUrl(), time);
        Catalogue catalogue = CatalogueFile.builtIn();
        database.rateCards().keep(catalogue.rateCard());
        UnsettledFile unsettledFile = UnsettledFile.open(settings.unsettled());
        Unsettled unsettled = crashing(unsettledFile, crash);
        Settings.ResultSettings kept = settings.results();
        ResultFiles resultFiles = ResultFiles.open(kept.directory(), kept.kept(), kept.maxBytes(), time);
        Results results = crashing(resultFiles, crash);
        Sweeper sweeper = Sweeper.start(
                database.leases(),
                ImageRelay.sweep(CrashingLedger.ofSweep(database.ledger(), crash), unsettled, results),
                Duration.ofSeconds(5));
        Files.write(Path.of(System.getProperty(BOOKS)), BooksCopy.lines(database));

        OpenAiUpstreams upstreams = new OpenAiUpstreams(settings.upstreams(), settings.spool(), time);
        CrashingLedger ledger = CrashingLedger.ofRequests(database.ledger(), crash);
        ModelCatalogue models = () -> catalogue;
        RelayHttpServer http = RelayHttpServer.start(
                settings.http(),
                new RelayHttpServer.UseCases(
                        ImageRelay.authenticate(database.keys()),
                        ImageRelay.generateImages(models, ledger, crashing(upstreams, crash), results, unsettled),
                        ImageRelay.quoteImages(models, ledger),
                        ImageRelay.listModels(models),
                        ImageRelay.readCredits(ledger),
                        ImageRelay.readResult(ledger, results)),
                new RelayIds(time, random),
                () -> database.isWritable() && unsettled.endings().isEmpty());
        List<AutoCloseable> running = List.of(http, upstreams, sweeper, resultFiles, unsettledFile, database);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> running.forEach(CrashingServer::close)));

        System.out.println("ready on http://localhost:" + http.port());
        if (database.accounts().none()) {
            AdministerAccounts administration = ImageRelay.administerAccounts(
                    database.accounts(), database.keys(), database.ledger(), time, random);
            database.accounts().add(new Account(ACCOUNT, "Ann"));
            administration.grant(ACCOUNT, GrantOrder.of(Credits.of("1000000"), GrantSource.PURCHASED));
            System.out.println(administration.issueKey(ACCOUNT).orElseThrow().secret().reveal());
        }
    }

    private static void close(AutoCloseable next) {
        try {
            next.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static ImageUpstream crashing(ImageUpstream upstream, Crash crash) {
        return (id, route, order, body, previews) -> {
            crash.at(CrashPoint.BEFORE_RELAY);
            UpstreamReply reply = upstream.relay(id, route, order, body, previews);
            crash.at(CrashPoint.AFTER_RELAY);
            return reply;
        };
    }

    private static Results crashing(Results results, Crash crash) {
        return new Results() {
            @Override
            public void keep(RelayId relay, ReplyBody body) {
                crash.at(CrashPoint.BEFORE_RESULT);
                results.keep(relay, body);
                crash.at(CrashPoint.AFTER_RESULT);
            }

            @Override
            public Optional<ReplyBody> find(RelayId relay) {
                return results.find(relay);
            }

            @Override
            public void forgetOld() {
                results.forgetOld();
            }
        };
    }

    private static Unsettled crashing(Unsettled unsettled, Crash crash) {
        return new Unsettled() {
            @Override
            public void keep(Ending ending) {
                crash.at(CrashPoint.BEFORE_ENDING);
                unsettled.keep(ending);
                crash.at(CrashPoint.AFTER_ENDING);
            }

            @Override
            public List<Ending> endings() {
                return unsettled.endings();
            }

            @Override
            public void remove(List<Ending> done) {
                if (done.isEmpty()) {
                    return;
                }
                crash.at(CrashPoint.BEFORE_STRIKE);
                unsettled.remove(done);
                crash.at(CrashPoint.AFTER_STRIKE);
            }
        };
    }
}
