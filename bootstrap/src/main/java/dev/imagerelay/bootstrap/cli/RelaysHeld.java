package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists what is under way, and what it holds. */
@Command(name = "held", description = "List what is under way, and what it holds.")
final class RelaysHeld extends AdminCommand {

    @Option(names = "--below", paramLabel = "RELAY", description = "Those before this one.")
    private String below;

    @Option(names = "--limit", paramLabel = "N", description = "So many at most, usually 50.")
    private Integer limit;

    @Override
    AdminRequest request() {
        return AdminRequest.get("relays").where("state", "held").where("below", below).where("limit", limit);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.table(answer.path("data"), RelaysSearch.RELAY);
        page.more(answer, "--below");
    }
}
