package dev.imagerelay.bootstrap.benchmark;

import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.AdministerAccounts.GrantOrder;
import dev.imagerelay.application.service.ImageRelay;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.pricing.Credits;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/** New books with one customer who can pay for everything, made by the build that is to keep them. */
public final class Customer {

    private Customer() {}

    static String databaseUrl(Path directory) {
        return "jdbc:h2:file:" + directory.resolve("ledger") + ";WRITE_DELAY=0;RETENTION_TIME=5000";
    }

    /** Opens the account in a directory, and leaves its key there in the file {@code key}. */
    static void open(Path jar, Path directory) throws IOException, InterruptedException {
        String here = Customer.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        String classPath = String.join(File.pathSeparator, jar.toString(), jar.resolveSibling("lib") + "/*", here);
        Running.java("-cp", classPath, Customer.class.getName(), directory.toString()).awaitEnd();
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        try (Database database = Database.open(databaseUrl(directory), Clock.systemUTC())) {
            AdministerAccounts office = ImageRelay.administerAccounts(
                    database.accounts(), database.keys(), database.ledger(), Clock.systemUTC(), new SecureRandom());
            AccountId account = office.open("benchmark").id();
            office.grant(account, GrantOrder.of(Credits.of("1000000000"), GrantSource.PROMOTIONAL));
            Files.writeString(
                    directory.resolve("key"), office.issueKey(account).orElseThrow().secret().reveal());
        }
    }
}
