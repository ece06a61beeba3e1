package dev.imagerelay.bootstrap;

import dev.imagerelay.adapters.persistence.Database;
import dev.imagerelay.domain.ledger.LedgerEntry;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Relay;
import dev.imagerelay.domain.relay.RelayId;
import dev.imagerelay.domain.relay.RelayState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What was in the books of {@link CrashingServer}s, which may have been brought here as lines of text.
 *
 * @param wrong  what does not balance, and what is still held
 * @param relays every relay there is
 */
record BooksCopy(List<String> wrong, Map<String, Line> relays) {

    private static final String RELAY = "relay ";

    /** A relay in the books. */
    record Line(RelayState state, int images, int delivered, Credits charged) {}

    static BooksCopy of(Database database) {
        return read(lines(database));
    }

    static List<String> lines(Database database) {
        List<String> lines = new ArrayList<>();
        database.books().offenders().forEach(offender -> lines.add("does not balance: " + offender));
        database.books().mispriced().forEach(offender -> lines.add("priced wrong: " + offender));
        database.ledger().held(100).forEach(relay -> lines.add("still held: " + relay.id()));
        for (RelayId id : relays(database)) {
            Relay relay = database.ledger().relay(id).orElseThrow();
            lines.add(RELAY + id + " " + relay.state() + " " + relay.images() + " " + relay.delivered() + " "
                    + relay.charged());
        }
        return lines;
    }

    private static Set<RelayId> relays(Database database) {
        Set<RelayId> relays = new LinkedHashSet<>();
        OptionalLong below = OptionalLong.empty();
        Statement page;
        do {
            page = database.ledger().entries(CrashingServer.ACCOUNT, below, 10_000);
            page.lines().stream().map(Statement.Line::entry).map(LedgerEntry::relay).forEach(
                    relay -> relay.ifPresent(relays::add));
            below = OptionalLong.of(page.lines().isEmpty() ? 0 : page.lines().get(page.lines().size() - 1).number());
        } while (page.more());
        return relays;
    }

    static BooksCopy read(List<String> lines) {
        List<String> wrong = new ArrayList<>();
        Map<String, Line> relays = new HashMap<>();
        for (String line : lines) {
            if (line.startsWith(RELAY)) {
                String[] words = line.split(" ");
                relays.put(words[1], new Line(
                        RelayState.valueOf(words[2]), Integer.parseInt(words[3]), Integer.parseInt(words[4]),
                        Credits.of(words[5])));
            } else {
                wrong.add(line);
            }
        }
        return new BooksCopy(wrong, relays);
    }

    /** Whether a relay of that name was paid for. */
    boolean isSettled(String relay) {
        return relays.containsKey(relay) && relays.get(relay).state() == RelayState.SETTLED;
    }
}
