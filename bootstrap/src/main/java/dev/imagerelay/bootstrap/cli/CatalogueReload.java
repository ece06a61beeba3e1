package dev.imagerelay.bootstrap.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** Has the gateway read its catalogue file again, as SIGHUP does. */
@Command(name = "reload", description = "Have the gateway read its catalogue file again, as SIGHUP does.")
final class CatalogueReload extends AdminCommand {

    @Override
    AdminRequest request() {
        return AdminRequest.post("catalogue", "reload");
    }

    @Override
    void show(JsonNode answer, Page page) {
        page.members(answer);
    }
}
