package dev.imagerelay.bootstrap.cli;

import java.io.IOException;

/** A command that could not be carried out; the message says why and what to do, in one line. */
final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    Refused(String message) {
        super(message.replaceAll("\\p{Cntrl}+", " ").strip());
    }

    /** An exception in words: many have only their name. */
    static String reason(IOException e) {
        String name = e.getClass().getSimpleName().replaceAll("Exception$", "");
        return e.getMessage() == null ? name : name + ": " + e.getMessage();
    }
}
