package dev.imagerelay.bootstrap;

import dev.imagerelay.adapters.http.RelayHttpServer;
import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.adapters.persistence.ImpatientDatabase;
import dev.imagerelay.adapters.persistence.ResultFiles;
import dev.imagerelay.adapters.persistence.UnsettledFile;
import dev.imagerelay.adapters.upstream.OpenAiUpstreams;
import dev.imagerelay.application.Records;
import dev.imagerelay.application.port.in.AdministerAccounts.GrantOrder;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.application.port.out.ImageUpstream;
import dev.imagerelay.application.port.out.Leases;
import dev.imagerelay.application.port.out.ModelCatalogue;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.Unsettled;
import dev.imagerelay.application.service.ImageRelay;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.ledger.Ending;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.ReplyBody;
import dev.imagerelay.domain.relay.UpstreamReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The server put together as an embedder would, except that it dies at the {@link Crash} it was told, that its lease is
 * short, and that it sweeps and compacts often. If it is told to, it waits until it has swept all that dead servers
 * have left behind, and writes into a file what is in its books then, before it serves.
 */
final class CrashingServer {

    static final AccountId ACCOUNT = new AccountId("acct_campaign");

    /** The property that says where the books are to be written. */
    static final String BOOKS = "crash.books";

    static final Duration LEASE = Duration.ofSeconds(2);
    static final Duration SWEEP_EVERY = Duration.ofMillis(100);

    /** How long after the end of a server others have released what it held. */
    static final Duration SETTLED = LEASE.plus(SWEEP_EVERY.multipliedBy(2));

    private static final Duration SOON = Duration.ofMillis(500);

    /** Gets a credit that expires soon every time a server starts. */
    private static final AccountId FORGETFUL = new AccountId("acct_forgetful");

    private CrashingServer() {}

    public static void main(String[] arguments) {
        try {
            serve();
        } catch (IOException | InterruptedException | RuntimeException e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1); // as threads that have started would keep the process alive
        }
    }

    private static void serve() throws IOException, InterruptedException {
        Settings settings = Settings.read(Settings.USUAL_FILE, System.getenv());
        Clock time = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        Crash crash = new Crash();

        Database database =
                ImpatientDatabase.open(settings.databaseUrl(), time, LEASE, compaction -> crashing(compaction, crash));
        Catalogue catalogue = CatalogueFile.builtIn();
        database.rateCards().keep(catalogue.rateCard());
        AdministerAccounts administration = ImageRelay.administerAccounts(
                database.accounts(), database.keys(), database.ledger(), time, random);
        boolean isFirst = database.accounts().none();
        if (isFirst) {
            open(database, administration);
        }
        administration.grant(FORGETFUL, expiring(time.instant().plus(SOON)));
        UnsettledFile unsettledFile = UnsettledFile.open(settings.unsettled());
        Unsettled unsettled = crashing(unsettledFile, crash);
        Results uncrashing = results(database, settings.results(), time);
        Results results = crashing(uncrashing, crash);
        Sweeper sweeper = Sweeper.start(
                crashing(database.leases(), crash),
                ImageRelay.sweep(CrashingLedger.ofSweep(database.ledger(), crash), unsettled, results),
                SWEEP_EVERY);
        if (System.getProperty(BOOKS) != null) {
            writeBooks(database, Path.of(System.getProperty(BOOKS)));
        }

        OpenAiUpstreams upstreams = new OpenAiUpstreams(settings.upstreams(), settings.spool(), time);
        CrashingLedger ledger = CrashingLedger.ofRequests(database.ledger(), crash);
        ModelCatalogue models = () -> catalogue;
        GenerateImages images =
                ImageRelay.generateImages(
                        models, ledger, crashing(upstreams, crash), results, unsettled, time);
        RelayHttpServer http = RelayHttpServer.start(
                settings.http(),
                new RelayHttpServer.UseCases(
                        ImageRelay.authenticate(database.keys(), time),
                        crashing(images, crash),
                        ImageRelay.quoteImages(models, ledger),
                        ImageRelay.listModels(models),
                        ImageRelay.readCredits(ledger, database.reports(), time),
                        ImageRelay.readResult(ledger, results)),
                new RelayIds(time, random),
                () -> database.isWritable() && unsettled.endings().isEmpty());
        List<AutoCloseable> running = Stream.of(http, upstreams, sweeper, uncrashing, unsettledFile, database)
                .filter(AutoCloseable.class::isInstance)
                .map(AutoCloseable.class::cast)
                .toList();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> running.forEach(CrashingServer::close)));

        System.out.println("ready on http://localhost:" + http.port());
        if (isFirst) {
            System.out.println(administration.issueKey(ACCOUNT).orElseThrow().secret().reveal());
        }
    }

    private static void open(Database database, AdministerAccounts administration) {
        database.accounts().add(new Account(ACCOUNT, "Ann"), Records.ANY);
        database.accounts().add(new Account(FORGETFUL, "Ben"), Records.ANY);
        administration.grant(ACCOUNT, GrantOrder.of(Credits.of("1000000"), GrantSource.PURCHASED));
    }

    private static GrantOrder expiring(Instant end) {
        return new GrantOrder(
                Credits.of("1"), GrantSource.PROMOTIONAL, Grant.USUAL_PRIORITY, Optional.of(end), Optional.empty());
    }

    /** In a file nobody else has held anything for; in a database others may be waited for. */
    private static void writeBooks(Database database, Path file) throws IOException, InterruptedException {
        if (database.isShared()) {
            Thread.sleep(SETTLED.toMillis());
        }
        Files.write(file, BooksCopy.lines(database));
    }

    private static Results results(Database database, Settings.ResultSettings kept, Clock time) {
        return database.isShared()
                ? database.results(kept.kept(), kept.maxBytes())
                : ResultFiles.open(kept.directory(), kept.kept(), kept.maxBytes(), time);
    }

    private static void close(AutoCloseable next) {
        try {
            next.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void crashing(Runnable compaction, Crash crash) {
        crash.at(CrashPoint.BEFORE_COMPACTION);
        crash.soonAfter(CrashPoint.IN_COMPACTION);
        compaction.run();
        crash.at(CrashPoint.AFTER_COMPACTION);
    }

    private static Leases crashing(Leases leases, Crash crash) {
        return () -> {
            crash.at(CrashPoint.BEFORE_RENEWAL);
            leases.renew();
            crash.at(CrashPoint.AFTER_RENEWAL);
        };
    }

    private static GenerateImages crashing(GenerateImages images, Crash crash) {
        return (command, previews) -> {
            RelayOutcome outcome = images.generate(command, previews);
            return outcome instanceof RelayOutcome.Delivered delivered
                    ? new RelayOutcome.Delivered(
                            new CrashingBody(delivered.body(), crash), delivered.receipt(), delivered.cutShort())
                    : outcome;
        };
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
