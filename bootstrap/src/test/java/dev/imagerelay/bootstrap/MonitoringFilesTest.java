package dev.imagerelay.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.imagerelay.adapters.upstream.MisbehavingUpstream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The alerts and the board that are given away ask for what a gateway has, by the labels it has it under. */
class MonitoringFilesTest {

    private static final Path DIRECTORY = Path.of("src/main/distribution/monitoring");
    private static final Pattern METRIC = Pattern.compile("\\b(?:image_relay|jvm|process)_\\w+(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");
    private static final Pattern GROUPED = Pattern.compile("\\bby\\s*\\(([^)]*)\\)");
    private static final Pattern SHOWN = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?(\\w+)\\s*}}");

    /** What Prometheus adds to everything it scrapes. */
    private static final Set<String> OF_THE_SCRAPE = Set.of("instance", "job");

    private static Map<String, Set<String>> exposed;

    /** What is asked of Prometheus, and the text in which labels of the answer are shown. */
    record Question(String expression, String text) {}

    @BeforeAll
    static void scrapeAGatewayThatHasHadEveryKindOfOrder() throws Exception {
        try (MisbehavingUpstream upstream = MisbehavingUpstream.answering(wire -> {
                    String answer = wire.requestNumber() == 1 ? Exchanges.PICTURE : "no picture";
                    MisbehavingUpstream.json(200, answer).play(wire);
                });
                RunningRelay relay = RunningRelay.on(upstream, "10")) {
            assertEquals(200, relay.generate(Exchanges.ORDER).statusCode());
            assertEquals(502, relay.generate(Exchanges.ORDER).statusCode(), "what the upstream may have made is lost");
            assertEquals(400, relay.generate("{\"model\":\"unheard-of\",\"prompt\":\"x\"}").statusCode());
            HttpRequest.Builder scrape = HttpRequest.newBuilder(relay.adminUri("/metrics"))
                    .header("Authorization", "Bearer " + RunningRelay.METRICS_TOKEN);
            exposed = Exposition.read(new String(relay.send(scrape).body(), StandardCharsets.UTF_8)).labels();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"alerts.yaml", "grafana.json"})
    void noNameIsInvented(String file) throws IOException {
        Set<String> names = METRIC.matcher(Files.readString(DIRECTORY.resolve(file))).results()
                .map(MonitoringFilesTest::name)
                .collect(Collectors.toSet());

        assertFalse(names.isEmpty());
        names.removeAll(exposed.keySet());
        assertEquals(Set.of(), names);
    }

    private static String name(MatchResult metric) {
        return metric.group().replaceAll("\\{.*", "");
    }

    static Stream<Question> questions() throws IOException {
        Stream<Question> alerts = new YAMLMapper().readTree(DIRECTORY.resolve("alerts.yaml").toFile())
                .findParents("expr").stream()
                .map(rule -> new Question(rule.get("expr").textValue(), rule.get("annotations").toString()));
        Stream<Question> board = new ObjectMapper().readTree(DIRECTORY.resolve("grafana.json").toFile())
                .findParents("expr").stream()
                .map(target -> new Question(target.get("expr").textValue(), target.get("legendFormat").textValue()));
        return Stream.concat(alerts, board);
    }

    @ParameterizedTest
    @MethodSource("questions")
    void whatIsAskedForIsThere(Question question) {
        Set<String> usable = new HashSet<>(OF_THE_SCRAPE);
        METRIC.matcher(question.expression()).results().forEach(metric -> {
            Set<String> labels = new HashSet<>(OF_THE_SCRAPE);
            labels.addAll(exposed.getOrDefault(name(metric), Set.of()));
            assertTrue(labels.containsAll(all(MATCHER, metric.group())), metric.group() + " has " + labels);
            usable.addAll(labels);
        });
        Set<String> grouped = all(GROUPED, question.expression()).stream()
                .flatMap(names -> Stream.of(names.split("\\s*,\\s*")))
                .collect(Collectors.toSet());
        assertTrue(usable.containsAll(grouped), grouped + " of " + usable);
        Set<String> left = grouped.isEmpty() ? usable : grouped;
        assertTrue(left.containsAll(all(SHOWN, question.text())), question.text() + " shows more than " + left);
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }
}
