package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Opens an account. */
@Command(name = "open", description = "Open an account.")
final class AccountsOpen extends AdminCommand {

    @Parameters(paramLabel = "NAME", description = "Whose it is.")
    private String name;

    @Override
    AdminRequest request() {
        return AdminRequest.post("accounts").with("name", name);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
    }
}
