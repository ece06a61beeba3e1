package dev.imagerelay.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Java in the README is the Java that the other tests here compile and run. */
class ReadmeTest {

    private static final Path README = Path.of("../README.md");
    private static final Path EXAMPLES = Path.of("src/test/java/dev/imagerelay/examples");
    private static final Pattern SHOWN = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern RUN = Pattern.compile("// README: \\w+\n(.*?)\n *// README: end", Pattern.DOTALL);

    @Test
    void everyJavaExampleIsOneThatRuns() throws IOException {
        List<String> shown = SHOWN.matcher(Files.readString(README)).results().map(ReadmeTest::code).toList();
        List<String> run = List.of(example("EmbeddingExampleTest"), example("PriceExampleTest"));

        assertEquals(run, shown);
    }

    private static String example(String name) throws IOException {
        List<String> parts = RUN.matcher(Files.readString(EXAMPLES.resolve(name + ".java"))).results()
                .map(ReadmeTest::code)
                .toList();
        assertTrue(parts.size() == 1, name);
        return parts.get(0);
    }

    private static String code(MatchResult found) {
        return found.group(1).stripIndent().strip();
    }
}
