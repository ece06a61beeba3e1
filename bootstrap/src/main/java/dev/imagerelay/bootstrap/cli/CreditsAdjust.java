package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds credits to an account or takes some away. */
@Command(name = "adjust", description = "Add credits to an account or take some away.")
final class CreditsAdjust extends AdminCommand {

    @Parameters(paramLabel = "ACCOUNT", description = "Its id.")
    private String account;

    @Option(names = "--add", paramLabel = "CREDITS", converter = Amount.Reader.class, description = "How many more.")
    private Amount more;

    @Option(names = "--take", paramLabel = "CREDITS", converter = Amount.Reader.class, description = "How many fewer.")
    private Amount fewer;

    @Option(names = "--reason", required = true, description = "Why, for the books.")
    private String reason;

    @Override
    AdminRequest request() {
        if ((more == null) == (fewer == null)) {
            throw nonsense("either --add or --take");
        }
        return AdminRequest.post("accounts", account, "adjustments")
                .with("add", more)
                .with("take", fewer)
                .with("reason", reason);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
        page.grants(answer);
    }
}
