package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes orders of a suspended account again. */
@Command(name = "resume", description = "Take orders of a suspended account again.")
final class AccountsResume extends AdminCommand {

    @Parameters(paramLabel = "ACCOUNT", description = "Its id.")
    private String account;

    @Override
    AdminRequest request() {
        return AdminRequest.patch("accounts", account).with("state", "open");
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
    }
}
