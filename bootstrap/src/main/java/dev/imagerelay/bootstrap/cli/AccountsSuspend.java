package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Refuses orders of an account from now on. */
@Command(name = "suspend", description = "Refuse orders of an account from now on.")
final class AccountsSuspend extends AdminCommand {

    @Parameters(paramLabel = "ACCOUNT", description = "Its id.")
    private String account;

    @Override
    AdminRequest request() {
        return AdminRequest.patch("accounts", account).with("state", "suspended");
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
    }
}
