package dev.imagerelay.adapters.persistence;

import org.jdbi.v3.core.Handle;

/** Something to be written, as statements in a transaction that others share; run again if that has to be repeated. */
@FunctionalInterface
interface Change<T> {

    T apply(Handle handle);
}
