package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives back what a relay was charged, or a part of it. */
@Command(name = "refund", description = "Give back what a relay was charged, or a part of it.")
final class CreditsRefund extends AdminCommand {

    @Parameters(paramLabel = "RELAY", description = "Its id, which the customer knows as x-request-id.")
    private String relay;

    @Option(names = "--amount", paramLabel = "CREDITS", converter = Amount.Reader.class,
            description = "How many credits, usually all that are left of the charge.")
    private Amount amount;

    @Option(names = "--reason", required = true, description = "Why, for the books.")
    private String reason;

    @Override
    AdminRequest request() {
        return AdminRequest.post("relays", relay, "refunds").with("amount", amount).with("reason", reason);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
        page.grants(answer);
    }
}
