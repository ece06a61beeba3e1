package dev.imagerelay.application.port.out;

import dev.imagerelay.domain.catalogue.Catalogue;

/** What is on offer. A plain {@code () -> catalogue} will do where it never changes. */
@FunctionalInterface
public interface ModelCatalogue {

    /** The catalogue in force now, whole; never null. */
    Catalogue current();
}
