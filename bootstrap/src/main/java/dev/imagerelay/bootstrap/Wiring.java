package dev.imagerelay.bootstrap;

import dev.imagerelay.adapters.http.AdminHttpServer;
import dev.imagerelay.adapters.http.RelayHttpServer;
import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.adapters.persistence.ResultFiles;
import dev.imagerelay.adapters.persistence.UnsettledFile;
import dev.imagerelay.adapters.upstream.OpenAiUpstreams;
import dev.imagerelay.adapters.upstream.UpstreamSettings;
import dev.imagerelay.adapters.upstream.sample.SampleUpstream;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.ReloadCatalogue;
import dev.imagerelay.application.port.out.ModelCatalogue;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.service.ImageRelay;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.catalogue.ImageModel;
import dev.imagerelay.domain.catalogue.UpstreamRoute;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole server, put together by hand from top to bottom, and taken apart in the opposite order. */
final class Wiring implements AutoCloseable {

    static final String SAMPLE = "sample";

    private static final Duration SWEEP_EVERY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final ReloadCatalogue catalogue;
    private final Database database;
    private final AdministerAccounts administration;
    private final RelayHttpServer http;
    private Optional<AdminHttpServer> admin = Optional.empty();

    /** Starts everything; if something cannot start, what had started is closed again. */
    Wiring(Settings settings, InstantSource time, SecureRandom random) throws IOException {
        this(settings, time, random, SWEEP_EVERY);
    }

    /** The same, tidying up as often as that. */
    Wiring(Settings settings, InstantSource time, SecureRandom random, Duration sweepEvery) throws IOException {
        try {
            catalogue(settings); // lest somebody waits for a database to hear that the catalogue is wrong

            database = closeLater(database(settings.databaseUrl(), time));
            requireBalancedBooks(database);
            catalogue = ImageRelay.reloadCatalogue(
                    () -> reread(settings), database.rateCards(), database.trail(), time);
            UnsettledFile unsettled = closeLater(UnsettledFile.open(settings.unsettled()));
            Results results = results(settings.results(), time);
            closeLater(Sweeper.start(
                    database.leases(), ImageRelay.sweep(database.ledger(), unsettled, results), sweepEvery));

            SampleUpstream sample = closeLater(SampleUpstream.start(0, settings.sampleDelay(), time));
            List<UpstreamSettings> upstreams = new ArrayList<>(settings.upstreams());
            upstreams.add(UpstreamSettings.of(SAMPLE, sample.baseUrl(), Optional.empty()));
            OpenAiUpstreams upstream = closeLater(upstreams(upstreams, settings.spool(), time));

            ModelCatalogue models = catalogue::current;
            RelayIds ids = new RelayIds(time, random);
            administration = ImageRelay.administerAccounts(
                    database.accounts(), database.keys(), database.ledger(), time, random);
            http = closeLater(RelayHttpServer.start(
                    settings.http(),
                    new RelayHttpServer.UseCases(
                            ImageRelay.authenticate(database.keys(), time),
                            ImageRelay.generateImages(
                                    models, database.ledger(), upstream, results, unsettled, time),
                            ImageRelay.quoteImages(models, database.ledger()),
                            ImageRelay.listModels(models),
                            ImageRelay.readCredits(database.ledger(), database.reports(), time),
                            ImageRelay.readResult(database.ledger(), results)),
                    ids,
                    () -> database.isWritable() && unsettled.endings().isEmpty()));
            if (settings.admin().isPresent()) {
                admin = Optional.of(closeLater(AdminHttpServer.start(
                        settings.admin().get(), adminUseCases(settings), ids, time)));
            }
        } catch (RuntimeException | IOException e) {
            close();
            throw e;
        }
    }

    private AdminHttpServer.UseCases adminUseCases(Settings settings) {
        return new AdminHttpServer.UseCases(
                administration,
                ImageRelay.overseeBusiness(
                        database.accounts(), database.keys(), database.ledger(), database.reports(), database.books(),
                        database.trail()),
                catalogue,
                settings.effective());
    }

    private <T extends AutoCloseable> T closeLater(T started) {
        running.push(started);
        return started;
    }

    static Database database(String url, InstantSource time) {
        try {
            return Database.open(url, time);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationError("databaseUrl: " + e.getMessage(), e);
        }
    }

    private static OpenAiUpstreams upstreams(List<UpstreamSettings> upstreams, Path spool, InstantSource time) {
        try {
            return new OpenAiUpstreams(upstreams, spool, time);
        } catch (IOException e) {
            throw new ConfigurationError("the spool cannot be used: " + e.getMessage(), e);
        }
    }

    /** In files for one gateway; in the database where others are to have them as well. */
    private Results results(Settings.ResultSettings settings, InstantSource time) {
        return database.isShared()
                ? database.results(settings.kept(), settings.maxBytes())
                : closeLater(ResultFiles.open(settings.directory(), settings.kept(), settings.maxBytes(), time));
    }

    /** The catalogue, with every route leading to an upstream that there is. */
    private static Catalogue catalogue(Settings settings) {
        Catalogue catalogue = settings.catalogue().map(CatalogueFile::read).orElseGet(CatalogueFile::builtIn);
        if (settings.upstreams().isEmpty()) {
            return drawnBySample(catalogue);
        }
        List<String> names = new ArrayList<>(List.of(SAMPLE));
        settings.upstreams().forEach(upstream -> names.add(upstream.name()));
        for (ImageModel model : catalogue.models()) {
            for (UpstreamRoute route : model.routes()) {
                if (!names.contains(route.upstream())) {
                    throw new ConfigurationError("the catalogue routes model " + model.name() + " to upstream '"
                            + route.upstream() + "', which is not configured; configured are " + names);
                }
            }
        }
        return catalogue;
    }

    private static Catalogue reread(Settings settings) {
        try {
            return catalogue(settings);
        } catch (ConfigurationError e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Catalogue drawnBySample(Catalogue catalogue) {
        List<UpstreamRoute> route = List.of(new UpstreamRoute(SAMPLE, Optional.empty()));
        return new Catalogue(
                catalogue.models().stream().map(model -> model.routedTo(route)).toList());
    }

    private static void requireBalancedBooks(Database database) {
        List<String> offenders = database.books().offenders();
        if (!offenders.isEmpty()) {
            offenders.forEach(LOG::error);
            throw new ConfigurationError(
                    "the books do not balance in " + offenders.size() + " places; nothing is served before they do");
        }
    }

    /** Where it listens. */
    int port() {
        return http.port();
    }

    /** Where administrators are listened to; empty if they are not. */
    Optional<Integer> adminPort() {
        return admin.map(AdminHttpServer::port);
    }

    ReloadCatalogue catalogue() {
        return catalogue;
    }

    Database database() {
        return database;
    }

    AdministerAccounts administration() {
        return administration;
    }

    /** Lets requests in flight finish, then stops everything. */
    @Override
    public void close() {
        while (!running.isEmpty()) {
            AutoCloseable next = running.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.error("could not close {}", next.getClass().getSimpleName(), e);
            }
        }
    }
}
