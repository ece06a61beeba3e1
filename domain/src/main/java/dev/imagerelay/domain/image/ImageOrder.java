package dev.imagerelay.domain.image;

import java.util.Optional;

/**
 * What a caller asks for, read and bounded, but not yet compared with what the model offers.
 *
 * @param model   the public name of the model
 * @param prompt  1 to {@value #MAX_PROMPT} characters, counted as Unicode code points
 * @param images  how many pictures, 1 to {@value #MAX_IMAGES}
 * @param size    empty: the model chooses (the request left it out, or said {@code auto})
 * @param quality empty: the model chooses
 * @param style   empty: none was asked for
 * @param partialImages how many previews are wanted while the pictures are being made, 0 to
 *     {@value #MAX_PARTIAL_IMAGES}, if the answer is to be streamed; empty: it is not
 */
public record ImageOrder(
        ModelId model,
        String prompt,
        int images,
        Optional<ImageSize> size,
        Optional<ImageQuality> quality,
        Optional<String> style,
        Optional<Integer> partialImages) {

    /** The longest prompt of the OpenAI Images API (openai-openapi, {@code CreateImageRequest}). */
    public static final int MAX_PROMPT = 32_000;

    /** The largest {@code n} of the OpenAI Images API; a model may allow fewer. */
    public static final int MAX_IMAGES = 10;

    /** The largest {@code partial_images} of the OpenAI Images API. */
    public static final int MAX_PARTIAL_IMAGES = 3;

    public ImageOrder {
        if (prompt.isEmpty() || prompt.codePointCount(0, prompt.length()) > MAX_PROMPT) {
            throw new IllegalArgumentException("a prompt has 1 to " + MAX_PROMPT + " characters");
        }
        if (images < 1 || images > MAX_IMAGES) {
            throw new IllegalArgumentException("an order is for 1 to " + MAX_IMAGES + " images, not " + images);
        }
        if (partialImages.isPresent() && (partialImages.get() < 0 || partialImages.get() > MAX_PARTIAL_IMAGES)) {
            throw new IllegalArgumentException(
                    "an order is for 0 to " + MAX_PARTIAL_IMAGES + " partial images, not " + partialImages.get());
        }
    }

    /** An order for one picture that leaves everything else to the model. */
    public static ImageOrder of(String model, String prompt) {
        return new ImageOrder(
                new ModelId(model), prompt, 1, Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty());
    }

    /** The same order for another number of pictures. */
    public ImageOrder times(int images) {
        return new ImageOrder(model, prompt, images, size, quality, style, partialImages);
    }

    /** The same order at a size of the caller's choice. */
    public ImageOrder at(String size) {
        return new ImageOrder(model, prompt, images, Optional.of(new ImageSize(size)), quality, style,
                partialImages);
    }

    /** The same order at a quality of the caller's choice. */
    public ImageOrder in(String quality) {
        return new ImageOrder(model, prompt, images, size, Optional.of(new ImageQuality(quality)), style,
                partialImages);
    }

    /** The same order in a style of the caller's choice. */
    public ImageOrder styled(String style) {
        return new ImageOrder(model, prompt, images, size, quality, Optional.of(style), partialImages);
    }

    /** The same order, to be answered with a stream of events, so many of them previews. */
    public ImageOrder streamed(int partialImages) {
        return new ImageOrder(model, prompt, images, size, quality, style, Optional.of(partialImages));
    }

    /** Whether the answer is to be a stream of events. */
    public boolean isStreamed() {
        return partialImages.isPresent();
    }
}
