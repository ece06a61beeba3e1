package dev.imagerelay.bootstrap;

import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.AdministerAccounts.GrantOrder;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.ApiKeySecret;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.pricing.Credits;
import java.io.PrintStream;
import java.util.Optional;

/** What a new installation gets, so that its first picture is one paste away. */
final class Demo {

    private static final Credits CREDITS = Credits.of("1000");

    private Demo() {}

    /** Opens the demo account and prints its key, the only time that anybody sees it. */
    static void open(AdministerAccounts administration, String model, int port, PrintStream out) {
        Account account = administration.open("Demo");
        administration.grant(account.id(), new GrantOrder(
                CREDITS, GrantSource.PROMOTIONAL, Grant.USUAL_PRIORITY, Optional.empty(), Optional.of("demo")));
        ApiKeySecret key = administration.issueKey(account.id()).orElseThrow().secret();
        out.print("""

                A demo account with %s credits is open. Its key is shown this once:

                  %s

                Draw a picture in a browser, which keeps the key to itself:

                  http://localhost:%d/#key=%s

                Or from here:

                  curl -s http://localhost:%d/v1/images/generations \\
                    -H 'Authorization: Bearer %s' \\
                    -H 'Content-Type: application/json' \\
                    -d '{"model": "%s", "prompt": "a lighthouse at dawn", "size": "1024x1024"}' \\
                    | sed -n 's/.*"b64_json" *: *"\\([^"]*\\)".*/\\1/p' | base64 -d > picture.png

                """.formatted(CREDITS, key.reveal(), port, key.reveal(), port, key.reveal(), model));
        out.flush();
    }
}
