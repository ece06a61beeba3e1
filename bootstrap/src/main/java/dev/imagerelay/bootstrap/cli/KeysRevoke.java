package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes a key worthless at once. */
@Command(name = "revoke", description = "Make a key worthless at once.")
final class KeysRevoke extends AdminCommand {

    @Parameters(paramLabel = "KEY", description = "Its public prefix, such as sk-relay-1a2b3c4d.")
    private String key;

    @Override
    AdminRequest request() {
        return AdminRequest.post("keys", key, "revoke");
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
    }
}
