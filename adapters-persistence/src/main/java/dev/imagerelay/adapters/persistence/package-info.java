/**
 * The stores, on JDBI. What is written to the books goes through one
 * {@link dev.imagerelay.adapters.persistence.Writer}, which makes many changes durable at once; what is read is read
 * beside it. {@link dev.imagerelay.adapters.persistence.Database} is the way in. Beside the database are the files of one
 * gateway: {@link dev.imagerelay.adapters.persistence.UnsettledFile} and
 * {@link dev.imagerelay.adapters.persistence.ResultFiles}.
 */
package dev.imagerelay.adapters.persistence;
