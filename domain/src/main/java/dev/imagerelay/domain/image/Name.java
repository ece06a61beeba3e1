package dev.imagerelay.domain.image;

import java.util.regex.Pattern;

/**
 * The form of what models name: 1 to 32 letters, digits, dots, dashes, underscores or colons, beginning with a letter
 * or digit, and not {@code auto}.
 */
final class Name {

    private static final Pattern FORM = Pattern.compile("(?!auto$)[A-Za-z0-9][A-Za-z0-9._:-]{0,31}");

    private Name() {}

    static boolean fits(String value) {
        return FORM.matcher(value).matches();
    }

    static void require(String what, String value) {
        if (!fits(value)) {
            throw new IllegalArgumentException("a " + what + " is 1 to 32 letters, digits, dots, dashes, underscores "
                    + "or colons, beginning with a letter or digit, and not 'auto', but this is '" + value + "'");
        }
    }
}
