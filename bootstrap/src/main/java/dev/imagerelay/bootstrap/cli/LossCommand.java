package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Adds up what upstreams may have charged for while no customer paid. */
@Command(name = "loss", description = "Add up what upstreams may have charged for while no customer paid.")
final class LossCommand extends AdminCommand {

    @Option(names = "--from", paramLabel = "TIME", converter = Moment.Reader.class,
            description = "From then on, usually the last 30 days.")
    private Moment from;

    @Override
    AdminRequest request() {
        return AdminRequest.get("losses").where("from", from);
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.table(answer.path("data"), "model", "reason", "relays", "images", "quoted");
    }
}
