package dev.imagerelay.adapters.upstream.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** What an answer counts for, in tokens. */
record Usage(long input, long output) {
    private static final long TOKENS_OF_A_PREVIEW = 100;

    /** What this many pictures like this one count for, and as many previews of each. */
    static Usage of(Recipe recipe, int pictures, int previews) {
        long picture = recipe.quality().tokens(recipe.width(), recipe.height()) + TOKENS_OF_A_PREVIEW * previews;
        return new Usage(1 + recipe.prompt().length() / 4, picture * pictures);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("usage");
        json.writeNumberField("input_tokens", input);
        json.writeObjectFieldStart("input_tokens_details");
        json.writeNumberField("image_tokens", 0);
        json.writeNumberField("text_tokens", input);
        json.writeEndObject();
        json.writeNumberField("output_tokens", output);
        json.writeNumberField("total_tokens", input + output);
        json.writeEndObject();
    }
}
