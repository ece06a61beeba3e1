package dev.imagerelay.adapters.persistence;

/** A database that this program must not or cannot work with. The message says why and what to do. */
public class DatabaseUnusable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DatabaseUnusable(String message, Throwable cause) {
        super(message, cause);
    }
}
