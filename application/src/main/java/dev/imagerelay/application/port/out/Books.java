package dev.imagerelay.application.port.out;

import java.util.List;

/** The proof that the books balance. */
public interface Books {

    /**
     * Adds up every entry there is and compares it with every grant and every relay. Takes longer the more entries
     * there are.
     *
     * @return a line for each that does not agree, with both amounts; empty if the books balance
     */
    List<String> offenders();
}
