package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists relays, the newest first. */
@Command(name = "search", description = "List relays, the newest first.")
final class RelaysSearch extends AdminCommand {

    static final String[] RELAY = {
        "id", "account", "key", "model", "size", "quality", "images", "state", "reason", "quoted", "charged",
        "refunded", "held_at"
    };

    @Option(names = "--account", description = "Of this account.")
    private String account;

    @Option(names = "--key", description = "Ordered with the key of this prefix.")
    private String key;

    @Option(names = "--model", description = "Of this model.")
    private String model;

    @Option(names = "--state", description = "held, settled or released.")
    private String state;

    @Option(names = "--reason", description = "Released for this reason.")
    private String reason;

    @Option(names = "--from", paramLabel = "TIME", converter = Moment.Reader.class,
            description = "Held from then on.")
    private Moment from;

    @Option(names = "--to", paramLabel = "TIME", converter = Moment.Reader.class,
            description = "Held before that.")
    private Moment to;

    @Option(names = "--below", paramLabel = "RELAY", description = "Those before this one.")
    private String below;

    @Option(names = "--limit", paramLabel = "N", description = "So many at most, usually 50.")
    private Integer limit;

    @Option(names = "--csv", description = "Print a table in CSV.")
    private boolean csv;

    @Override
    AdminRequest request() {
        return AdminRequest.get("relays")
                .where("account", account)
                .where("key", key)
                .where("model", model)
                .where("state", state)
                .where("reason", reason)
                .where("from", from)
                .where("to", to)
                .where("below", below)
                .where("limit", limit);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.table(answer.path("data"), RELAY);
        page.more(answer, "--below");
    }

    @Override
    boolean isCsv() {
        return csv;
    }
}
