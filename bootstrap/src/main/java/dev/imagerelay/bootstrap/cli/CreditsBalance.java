package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the credits of an account. */
@Command(name = "balance", description = "Show the credits of an account.")
final class CreditsBalance extends AdminCommand {

    @Parameters(paramLabel = "ACCOUNT", description = "Its id.")
    private String account;

    @Override
    AdminRequest request() {
        return AdminRequest.get("accounts", account);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer.path("credits"));
        page.grants(answer);
    }
}
