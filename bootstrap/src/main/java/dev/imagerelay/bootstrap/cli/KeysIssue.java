package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Issues a key. */
@Command(name = "issue", description = "Issue a key.")
final class KeysIssue extends AdminCommand {

    @Parameters(paramLabel = "ACCOUNT", description = "Its id.")
    private String account;

    @Option(names = "--name", description = "What it is for.")
    private String name;

    @Mixin
    private ScopeOptions scope;

    @Override
    AdminRequest request() {
        return AdminRequest.post("accounts", account, "keys").with("name", name).with("scope", scope.chosen());
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
        page.say("The secret is shown this once.");
    }
}
