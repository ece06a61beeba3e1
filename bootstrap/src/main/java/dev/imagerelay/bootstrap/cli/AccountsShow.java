package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows an account with its credits and where they are from. */
@Command(name = "show", description = "Show an account with its credits and where they are from.")
final class AccountsShow extends AdminCommand {

    @Parameters(paramLabel = "ACCOUNT", description = "Its id.")
    private String account;

    @Override
    AdminRequest request() {
        return AdminRequest.get("accounts", account);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
        page.grants(answer);
    }
}
