package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists accounts. */
@Command(name = "list", description = "List accounts.")
final class AccountsList extends AdminCommand {

    @Option(names = "--after", paramLabel = "ACCOUNT", description = "Those after this one.")
    private String after;

    @Option(names = "--limit", paramLabel = "N", description = "So many at most, usually 50.")
    private Integer limit;

    @Override
    AdminRequest request() {
        return AdminRequest.get("accounts").where("after", after).where("limit", limit);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.table(answer.path("data"), "id", "name", "state", "limits");
        page.more(answer, "--after");
    }
}
