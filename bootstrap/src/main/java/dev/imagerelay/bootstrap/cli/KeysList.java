package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the keys of an account. */
@Command(name = "list", description = "List the keys of an account.")
final class KeysList extends AdminCommand {

    @Parameters(paramLabel = "ACCOUNT", description = "Its id.")
    private String account;

    @Override
    AdminRequest request() {
        return AdminRequest.get("accounts", account, "keys");
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.table(answer.path("data"), "prefix", "name", "issued_at", "revoked_at", "scope/models", "scope/credits",
                "scope/expires_at", "scope/limits");
    }
}
