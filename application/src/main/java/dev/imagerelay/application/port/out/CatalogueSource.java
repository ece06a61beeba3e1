package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.catalogue.Catalogue;

/** Where a catalogue comes from, such as a file that its owner edits. */
@FunctionalInterface
public interface CatalogueSource {

    /**
     * Reads all of it anew.
     *
     * @throws IllegalArgumentException saying in words for its owner what is wrong with it and where
     */
    Catalogue read();
}
