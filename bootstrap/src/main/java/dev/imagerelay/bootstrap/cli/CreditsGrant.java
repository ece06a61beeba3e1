package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives credits to an account. */
@Command(name = "grant", description = "Give credits to an account.")
final class CreditsGrant extends AdminCommand {

    @Parameters(paramLabel = "ACCOUNT", description = "Its id.")
    private String account;

    @Parameters(paramLabel = "CREDITS", converter = Amount.Reader.class, description = "How many.")
    private Amount amount;

    @Option(names = "--external-id", paramLabel = "ID",
            description = "The payment's, so that it is granted once, however often it is asked for.")
    private String externalId;

    @Option(names = "--source", description = "Where they are from, such as purchased (usual) or promotional.")
    private String source;

    @Option(names = "--priority", paramLabel = "N", description = "From 0 to 100; the lowest are spent first.")
    private Long priority;

    @Option(names = "--expires", paramLabel = "TIME", converter = Moment.Reader.class,
            description = "When what is left of them lapses.")
    private Moment expires;

    @Override
    AdminRequest request() {
        return AdminRequest.post("accounts", account, "grants")
                .with("amount", amount)
                .with("external_id", externalId)
                .with("source", source)
                .with("priority", priority)
                .with("expires_at", expires);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
        page.grants(answer);
    }
}
