package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Changes how much an account may order; what is not named stays. */
@Command(name = "limits", description = "Change how much an account may order; what is not named stays.")
final class AccountsLimits extends AdminCommand {

    @Parameters(paramLabel = "ACCOUNT", description = "Its id.")
    private String account;

    @Mixin
    private LimitOptions limits;

    @Override
    AdminRequest request() {
        Map<String, Object> chosen = limits.chosen();
        if (chosen.isEmpty()) {
            throw nonsense("say which limit, such as --requests-per-minute 60");
        }
        return AdminRequest.patch("accounts", account).with("limits", chosen);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
    }
}
