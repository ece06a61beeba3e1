/**
 * The stores, on JDBI. Everything that is written goes through one {@link dev.imagerelay.adapters.persistence.Writer},
 * which makes many changes durable at once; what is read is read beside it.
 * {@link dev.imagerelay.adapters.persistence.Database} is the way in.
 */
package dev.imagerelay.adapters.persistence;
