package dev.imagerelay.application.port.out;

/**
 * A store could not be reached or could not make a change durable. Whether the change was made is unknown, unless
 * {@link #nothingChanged()}.
 */
public class StoreUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean nothingChanged;

    private StoreUnavailable(String message, Throwable cause, boolean nothingChanged) {
        super(message, cause);
        this.nothingChanged = nothingChanged;
    }

    /** The change was not even tried. */
    public static StoreUnavailable before(String message) {
        return new StoreUnavailable(message, null, true);
    }

    /** It only was to be read, or the change was undone. */
    public static StoreUnavailable before(String message, Throwable cause) {
        return new StoreUnavailable(message, cause, true);
    }

    /** The change was tried, and its end is not known. */
    public static StoreUnavailable during(String message, Throwable cause) {
        return new StoreUnavailable(message, cause, false);
    }

    /** Whether the change certainly was not made. */
    public boolean nothingChanged() {
        return nothingChanged;
    }
}
