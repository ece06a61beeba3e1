package dev.imagerelay.bootstrap;

import dev.imagerelay.adapters.http.AdminHttpServer;
import dev.imagerelay.adapters.http.RelayHttpServer;
import dev.imagerelay.adapters.upstream.UpstreamSettings.Breaker;
import dev.imagerelay.adapters.upstream.UpstreamSettings.KeyHeader;
import dev.imagerelay.adapters.upstream.UpstreamSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Every setting of the server, read and checked before anything starts. The README lists them with their defaults.
 *
 * @param http        the listener
 * @param admin       the administrators' listener; empty: there is none, as no token is set
 * @param databaseUrl where the books are kept
 * @param spool       where large answers wait until they are sent on
 * @param unsettled   where it is written down how relays ended while the database was away
 * @param results     where results are kept, and how long
 * @param catalogue   the catalogue file; empty: the built-in one
 * @param sampleDelay how long the sample upstream pretends to work
 * @param upstreams   the real upstreams; none: the sample upstream draws everything
 */
record Settings(
        RelayHttpServer.Settings http,
        Optional<AdminHttpServer.Settings> admin,
        String databaseUrl,
        Path spool,
        Path unsettled,
        ResultSettings results,
        Optional<Path> catalogue,
        Duration sampleDelay,
        List<UpstreamSettings> upstreams) {

    /**
     * How results are kept.
     *
     * @param directory where, if no other gateway is to have them
     * @param kept      how long
     * @param maxBytes  how many bytes of them; the oldest go first
     */
    record ResultSettings(Path directory, Duration kept, long maxBytes) {}

    static final Path USUAL_FILE = Path.of("image-relay.yaml");

    private static final String MASKED = "********";
    private static final Pattern PASSWORD = Pattern.compile("((?:password|PASSWORD)=)[^&;]*");
    private static final String OPENAI = "openai";
    private static final String OPENAI_URL = "https://api.openai.com/v1";

    /**
     * Reads the settings: a file, which may be missing only if it is the usual one, and the environment.
     *
     * @throws ConfigurationError naming every fault, one a line
     */
    static Settings read(Path file, Map<String, String> environment) {
        List<String> faults = new ArrayList<>();
        Section root = (file.equals(USUAL_FILE) && !Files.exists(file)
                ? YamlFile.empty(file.toString(), environment)
                : YamlFile.read(file, environment)).gathering(faults);
        Optional<RelayHttpServer.Settings> http = root.read("http", Settings::http);
        Optional<Optional<AdminHttpServer.Settings>> admin = root.read("admin", Settings::admin);
        String databaseUrl = root.text("databaseUrl")
                .orElse("jdbc:h2:file:./data/image-relay;WRITE_DELAY=0;RETENTION_TIME=5000");
        Path spool = Path.of(root.text("spool").orElse("./data/spool"));
        Path unsettled = Path.of(root.text("unsettled").orElse("./data/unsettled"));
        Optional<ResultSettings> results = root.read("results", Settings::results);
        Optional<Path> catalogue = root.text("catalogue").map(Path::of);
        Duration sampleDelay = Duration.ofMillis(root.number("sampleDelayMillis", 0, 600_000, 0));
        Optional<List<UpstreamSettings>> upstreams =
                root.read("upstreams", section -> upstreams(section, environment));
        root.end();
        root.endOfEnvironment();
        if (!faults.isEmpty()) {
            throw new ConfigurationError(String.join("\n", faults));
        }
        return new Settings(
                http.orElseThrow(), admin.orElseThrow(), databaseUrl, spool, unsettled, results.orElseThrow(),
                catalogue, sampleDelay, upstreams.orElseThrow());
    }

    private static ResultSettings results(Section results) {
        ResultSettings settings = new ResultSettings(
                Path.of(results.text("directory").orElse("./data/results")),
                Duration.ofMinutes(results.number("minutes", 1, 1_440, 15)),
                results.number("maxBytes", 1 << 20, 1L << 42, 1L << 30));
        results.end();
        return settings;
    }

    private static RelayHttpServer.Settings http(Section http) {
        try {
            RelayHttpServer.Settings settings = new RelayHttpServer.Settings(
                    http.text("host").orElse("0.0.0.0"),
                    (int) http.number("port", 0, 65_535, 8080),
                    (int) http.number("maxBodyBytes", 1024, 16 << 20, RelayHttpServer.Settings.DEFAULT_MAX_BODY_BYTES),
                    (int) http.number("maxInFlight", 1, 100_000, 5_000),
                    Duration.ofSeconds(http.number("drainSeconds", 0, 3_600, 610)),
                    Optional.of(Duration.ofSeconds(http.number("keepAliveSeconds", 0, 600, 0)))
                            .filter(interval -> !interval.isZero()),
                    http.texts("corsOrigins"));
            http.end();
            return settings;
        } catch (IllegalArgumentException e) {
            throw http.error("http: " + e.getMessage());
        }
    }

    private static Optional<AdminHttpServer.Settings> admin(Section admin) {
        String host = admin.text("host").orElse("127.0.0.1");
        int port = (int) admin.number("port", 0, 65_535, 8081);
        Optional<String> token = secret(admin, "token");
        Optional<String> metricsToken = secret(admin, "metricsToken");
        admin.end();
        if (token.isEmpty() && metricsToken.isPresent()) {
            throw admin.error("admin.metricsToken does nothing without admin.token, as then there is no such listener");
        }
        try {
            return token.map(secret -> new AdminHttpServer.Settings(host, port, secret, metricsToken));
        } catch (IllegalArgumentException e) {
            throw admin.error("admin: " + e.getMessage());
        }
    }

    private static List<UpstreamSettings> upstreams(Section section, Map<String, String> environment) {
        List<UpstreamSettings> upstreams = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(section.names());
        if (!environment.getOrDefault("OPENAI_API_KEY", "").isBlank()) {
            names.add(OPENAI);
        }
        for (String name : names) {
            section.read(name, inner -> upstream(name, inner, environment)).ifPresent(upstreams::add);
        }
        section.end();
        return List.copyOf(upstreams);
    }

    private static UpstreamSettings upstream(String name, Section section, Map<String, String> environment) {
        if (name.equals(Wiring.SAMPLE)) {
            throw section.error("'" + name + "' is the name of the built-in upstream; choose another");
        }
        boolean openAi = name.equals(OPENAI);
        String baseUrl = openAi ? section.text("baseUrl").orElse(OPENAI_URL) : section.required("baseUrl");
        Optional<String> key = secret(section, "apiKey")
                .or(() -> Optional.ofNullable(openAi ? environment.get("OPENAI_API_KEY") : null))
                .filter(secret -> !secret.isBlank());
        try {
            UpstreamSettings usual = UpstreamSettings.of(name, new URI(baseUrl), key);
            UpstreamSettings settings = new UpstreamSettings(
                    name,
                    usual.baseUrl(),
                    key,
                    keyHeader(section),
                    (int) section.number("maxConnections", 1, 100_000, usual.maxConnections()),
                    seconds(section, "connectSeconds", usual.connectLimit()),
                    seconds(section, "idleSeconds", usual.idleLimit()),
                    seconds(section, "totalSeconds", usual.totalLimit()),
                    section.number("maxAnswerBytes", 1024, 4L << 30, usual.maxAnswerBytes()),
                    breaker(section, usual.breaker()));
            section.end();
            return settings;
        } catch (URISyntaxException e) {
            throw section.error("baseUrl", "is no URL: " + e.getReason());
        } catch (IllegalArgumentException e) {
            throw section.error(e.getMessage());
        }
    }

    private static Breaker breaker(Section section, Breaker usual) {
        return new Breaker(
                (int) section.number("breakerFailures", 0, 1_000, usual.failures()),
                seconds(section, "breakerSeconds", usual.pause()));
    }

    /** A secret comes from the environment or from a file of its own, never from the settings file. */
    private static Optional<String> secret(Section section, String name) {
        Optional<String> secret = section.secret(name);
        Optional<String> file = section.text(name + "File");
        if (secret.isPresent() || file.isEmpty()) {
            return secret;
        }
        try {
            return Optional.of(Files.readString(Path.of(file.get())).strip());
        } catch (IOException e) {
            throw section.error(name + "File", "cannot be read: " + e.getMessage());
        }
    }

    /** What is in force, by the names of the settings and in their order, but for secrets. */
    Map<String, String> effective() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("http.host", http.host());
        all.put("http.port", String.valueOf(http.port()));
        all.put("http.maxBodyBytes", String.valueOf(http.maxBodyBytes()));
        all.put("http.maxInFlight", String.valueOf(http.maxInFlight()));
        all.put("http.keepAliveSeconds", String.valueOf(http.keepAlive().orElse(Duration.ZERO).toSeconds()));
        all.put("http.corsOrigins", String.join(",", http.corsOrigins()));
        all.put("http.drainSeconds", String.valueOf(http.drain().toSeconds()));
        admin.ifPresent(listener -> {
            all.put("admin.host", listener.host());
            all.put("admin.port", String.valueOf(listener.port()));
            all.put("admin.token", MASKED);
            listener.metricsToken().ifPresent(secret -> all.put("admin.metricsToken", MASKED));
        });
        all.put("databaseUrl", PASSWORD.matcher(databaseUrl).replaceAll("$1" + MASKED));
        all.put("spool", spool.toString());
        all.put("unsettled", unsettled.toString());
        all.put("results.directory", results.directory().toString());
        all.put("results.minutes", String.valueOf(results.kept().toMinutes()));
        all.put("results.maxBytes", String.valueOf(results.maxBytes()));
        all.put("catalogue", catalogue.map(Path::toString).orElse("built in"));
        all.put("sampleDelayMillis", String.valueOf(sampleDelay.toMillis()));
        for (UpstreamSettings upstream : upstreams) {
            String name = "upstreams." + upstream.name() + ".";
            all.put(name + "baseUrl", withoutQuery(upstream.baseUrl()));
            all.put(name + "keyHeader", upstream.keyHeader() == KeyHeader.BEARER ? "bearer" : "api-key");
            upstream.apiKey().ifPresent(key -> all.put(name + "apiKey", MASKED));
            all.put(name + "connectSeconds", String.valueOf(upstream.connectLimit().toSeconds()));
            all.put(name + "idleSeconds", String.valueOf(upstream.idleLimit().toSeconds()));
            all.put(name + "totalSeconds", String.valueOf(upstream.totalLimit().toSeconds()));
            all.put(name + "maxConnections", String.valueOf(upstream.maxConnections()));
            all.put(name + "maxAnswerBytes", String.valueOf(upstream.maxAnswerBytes()));
            all.put(name + "breakerFailures", String.valueOf(upstream.breaker().failures()));
            all.put(name + "breakerSeconds", String.valueOf(upstream.breaker().pause().toSeconds()));
        }
        return all;
    }

    /** A query may have a key in it. */
    private static String withoutQuery(URI url) {
        String text = url.toString();
        return url.getRawQuery() == null ? text : text.substring(0, text.indexOf('?')) + "?" + MASKED;
    }

    private static KeyHeader keyHeader(Section section) {
        String header = section.text("keyHeader").orElse("bearer");
        return switch (header) {
            case "bearer" -> KeyHeader.BEARER;
            case "api-key" -> KeyHeader.API_KEY;
            default -> throw section.error("keyHeader", "must be bearer or api-key, not '" + header + "'");
        };
    }

    private static Duration seconds(Section section, String key, Duration usual) {
        return Duration.ofSeconds(section.number(key, 1, 86_400, usual.toSeconds()));
    }
}
