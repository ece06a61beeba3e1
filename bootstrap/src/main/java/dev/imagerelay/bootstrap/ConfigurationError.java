package dev.imagerelay.bootstrap;

/** Something in a file, the environment or on the command line that cannot be worked with; says where and why. */
final class ConfigurationError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ConfigurationError(String message) {
        super(message);
    }

    ConfigurationError(String message, Throwable cause) {
        super(message, cause);
    }
}
