package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** Checks that every credit is accounted for and every price was right; exits 1 if not. */
@Command(name = "verify",
        description = "Check that every credit is accounted for and every price was right; exits 1 if not.")
final class VerifyCommand extends AdminCommand {

    @Override
    AdminRequest request() {
        return AdminRequest.post("verify");
    }

    @Override
    void show(JsonNode answer, Page page) {
        answer.path("offenders").forEach(offender -> page.line(Words.of(offender)));
        page.line(isWell(answer) ? "the books balance" : answer.path("offenders").size() + " offenders");
    }

    @Override
    boolean isWell(JsonNode answer) {
        return answer.path("balanced").asBoolean();
    }
}
