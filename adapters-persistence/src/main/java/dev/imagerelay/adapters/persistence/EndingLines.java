package dev.imagerelay.adapters.persistence;

import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.ledger.Ending;
import dev.imagerelay.domain.pricing.Charge;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.RelayId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * Endings as lines of ASCII text, each of words, the last of which is a checksum of those before it.
 * <pre>
 * settle ACCOUNT RELAY MICRO-CREDITS-PER-PICTURE PICTURES CHECKSUM
 * release ACCOUNT RELAY REASON CHECKSUM
 * struck RELAY... CHECKSUM
 * </pre>
 * The last strikes out what the lines before it say of those relays.
 *
 * @param endings what the lines come to, the oldest first
 * @param length  how many bytes the whole lines take up; a torn one may follow
 */
record EndingLines(List<Ending> endings, int length) {

    private static final int SUM = 8;

    static byte[] of(Ending ending) {
        String relay = ending.account() + " " + ending.relay() + " ";
        return line(ending.charge()
                .map(due -> "settle " + relay + due.unitPrice().micros() + " " + due.images())
                .orElseGet(() -> "release " + relay + ending.reason()));
    }

    static byte[] struck(Collection<RelayId> relays) {
        return line("struck " + relays.stream().map(RelayId::value).collect(Collectors.joining(" ")));
    }

    private static byte[] line(String words) {
        return (words + " " + sum(words) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String sum(String words) {
        CRC32 sum = new CRC32();
        sum.update(words.getBytes(StandardCharsets.ISO_8859_1));
        return HexFormat.of().toHexDigits((int) sum.getValue());
    }

    /**
     * Reads lines of which each was confirmed before the next was begun, so that the last may be torn, but no other.
     *
     * @param path where they come from, for the message
     * @throws DatabaseUnusable if a line that was confirmed cannot be understood
     */
    static EndingLines read(byte[] bytes, Path path) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<Ending> endings = new ArrayList<>();
        int from = 0;
        for (int number = 1; from < text.length(); number++) {
            int end = text.indexOf('\n', from);
            Optional<String> words = end < 0 ? Optional.empty() : words(text.substring(from, end));
            boolean last = end < 0 || end == text.length() - 1;
            if (last && words.isEmpty()) {
                break;
            }
            try {
                apply(words.orElseThrow(), endings);
            } catch (RuntimeException e) {
                throw new DatabaseUnusable(
                        "line " + number + " of " + path + " is damaged, or of a later version of this program; it says"
                                + " how a relay ended, which the books do not know. Repair the line, or take it out:"
                                + " then that relay costs nothing",
                        e);
            }
            from = end + 1;
        }
        return new EndingLines(List.copyOf(endings), from);
    }

    /** A line without its checksum; empty if that is wrong. */
    private static Optional<String> words(String line) {
        int end = line.length() - SUM - 1;
        return end >= 0 && line.substring(end).equals(" " + sum(line.substring(0, end)))
                ? Optional.of(line.substring(0, end))
                : Optional.empty();
    }

    private static void apply(String line, List<Ending> endings) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "settle" -> endings.add(Ending.settle(
                    new AccountId(words[1]),
                    new RelayId(words[2]),
                    new Charge(new Credits(Long.parseLong(words[3])), Integer.parseInt(words[4]))));
            case "release" -> endings.add(
                    Ending.release(new AccountId(words[1]), new RelayId(words[2]), words[3]));
            case "struck" -> {
                Set<String> struck = new HashSet<>(List.of(words));
                endings.removeIf(ending -> struck.contains(ending.relay().value()));
            }
            default -> throw new IllegalArgumentException("no line begins with '" + words[0] + "'");
        }
    }
}
