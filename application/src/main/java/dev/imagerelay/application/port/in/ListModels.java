package dev.imagerelay.application.port.in;

import dev.imagerelay.domain.catalogue.Catalogue;

/** What is on offer, at what price? */
public interface ListModels {

    /** The catalogue in force now. */
    Catalogue catalogue();
}
