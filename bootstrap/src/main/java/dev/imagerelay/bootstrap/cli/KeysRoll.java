package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Replaces a key by a new one. */
@Command(name = "roll", description = "Replace a key by a new one.")
final class KeysRoll extends AdminCommand {

    @Parameters(paramLabel = "KEY", description = "Its public prefix, such as sk-relay-1a2b3c4d.")
    private String key;

    @Option(names = "--overlap", paramLabel = "TIME", converter = Span.Reader.class,
            description = "How long the old one goes on working, such as 90s, 10m, 24h or 7d; usually not at all.")
    private Span overlap = new Span(0);

    @Override
    AdminRequest request() {
        return AdminRequest.post("keys", key, "roll").with("overlap_seconds", overlap.seconds());
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
        page.say("The secret is shown this once.");
    }
}
