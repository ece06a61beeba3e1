package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Adds up what was ordered, delivered and charged. */
@Command(name = "usage", description = "Add up what was ordered, delivered and charged.")
final class UsageCommand extends AdminCommand {

    @Option(names = "--grain", description = "A row for each hour, day (usual) or month, or for all of the time.")
    private String grain;

    @Option(names = "--by", paramLabel = "WHAT", split = ",",
            description = "And for each account, key, model, size, quality, outcome; several with commas.")
    private List<String> by;

    @Option(names = "--from", paramLabel = "TIME", converter = Moment.Reader.class,
            description = "From then on, usually 30 days before the end.")
    private Moment from;

    @Option(names = "--to", paramLabel = "TIME", converter = Moment.Reader.class,
            description = "Until then, usually now.")
    private Moment to;

    @Option(names = "--account", description = "Of this account alone.")
    private String account;

    @Option(names = "--csv", description = "Print a table in CSV.")
    private boolean csv;

    @Override
    AdminRequest request() {
        return AdminRequest.get("usage")
                .where("grain", grain)
                .where("by", by == null ? null : String.join(",", by))
                .where("from", from)
                .where("to", to)
                .where("account", account);
    }

    @Override
    void show(JsonNode answer, Page page) {
        Table table = new Table(answer.path("data"));
        table.total(answer.path("total"));
        page.table(table);
    }

    @Override
    boolean isCsv() {
        return csv;
    }
}
