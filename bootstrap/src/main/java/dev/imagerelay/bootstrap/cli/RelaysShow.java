package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows a relay, when what happened to it, and its entries in the books. */
@Command(name = "show", description = "Show a relay, when what happened to it, and its entries in the books.")
final class RelaysShow extends AdminCommand {

    @Parameters(paramLabel = "RELAY", description = "Its id, which the customer knows as x-request-id.")
    private String relay;

    @Override
    AdminRequest request() {
        return AdminRequest.get("relays", relay);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
        page.table("Timeline", answer.path("timeline"), "at", "what", "seconds");
        page.table("Entries", answer.path("entries"), "number", "at", "kind", "amount", "grant", "note/who",
                "note/reason");
    }
}
