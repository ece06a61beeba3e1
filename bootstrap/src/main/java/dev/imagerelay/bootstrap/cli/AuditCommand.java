package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists who did what, the newest first. */
@Command(name = "audit", description = "List who did what, the newest first.")
final class AuditCommand extends AdminCommand {

    @Option(names = "--subject", paramLabel = "ID", description = "To this account, key or relay.")
    private String subject;

    @Option(names = "--below", paramLabel = "NUMBER", description = "Before this line.")
    private Long below;

    @Option(names = "--limit", paramLabel = "N", description = "So many at most, usually 50.")
    private Integer limit;

    @Override
    AdminRequest request() {
        return AdminRequest.get("audit").where("subject", subject).where("below", below).where("limit", limit);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.table(answer.path("data"), "number", "at", "who", "action", "subject", "before", "after");
        page.more(answer, "--below");
    }
}
