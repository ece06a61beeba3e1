package dev.imagerelay.domain.image;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The public name of a model, as callers send it. It may differ from the name that an upstream knows.
 *
 * @param value 1 to 128 letters, digits and {@code . _ : / @ -}, beginning with a letter or digit
 */
public record ModelId(String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}");

    public ModelId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a model's name is 1 to 128 letters, digits and . _ : / @ -, "
                    + "beginning with a letter or digit, not '" + value + "'");
        }
    }

    /** Reads a name somebody sent; empty if no model can have it. */
    public static Optional<ModelId> read(String sent) {
        return FORM.matcher(sent).matches() ? Optional.of(new ModelId(sent)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
