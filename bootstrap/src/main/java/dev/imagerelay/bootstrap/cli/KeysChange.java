package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Changes what a key may order; what is not named stays. */
@Command(name = "change", description = "Change what a key may order; what is not named stays.")
final class KeysChange extends AdminCommand {

    @Parameters(paramLabel = "KEY", description = "Its public prefix, such as sk-relay-1a2b3c4d.")
    private String key;

    @Mixin
    private ScopeOptions scope;

    @Override
    AdminRequest request() {
        Map<String, Object> chosen = scope.chosen();
        if (chosen.isEmpty()) {
            throw nonsense("say what to change, such as --credits 20");
        }
        return AdminRequest.patch("keys", key).with("scope", chosen);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
    }
}
