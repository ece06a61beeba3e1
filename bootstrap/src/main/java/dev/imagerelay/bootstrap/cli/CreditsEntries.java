package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists what happened to the credits of an account, the newest first. */
@Command(name = "entries", description = "List what happened to the credits of an account, the newest first.")
final class CreditsEntries extends AdminCommand {

    @Parameters(paramLabel = "ACCOUNT", description = "Its id.")
    private String account;

    @Option(names = "--below", paramLabel = "NUMBER", description = "Those before this one.")
    private Long below;

    @Option(names = "--limit", paramLabel = "N", description = "So many at most, usually 50.")
    private Integer limit;

    @Override
    AdminRequest request() {
        return AdminRequest.get("accounts", account, "entries").where("below", below).where("limit", limit);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.table(answer.path("data"), "number", "at", "kind", "amount", "grant", "relay", "note/who", "note/reason");
        page.more(answer, "--below");
    }
}
