/**
 * The books: credits move from pot to pot and never come from or go to nowhere. Everything here decides and nothing
 * here remembers: an account's state and an {@link dev.imagerelay.domain.ledger.Intent} go in, a
 * {@link dev.imagerelay.domain.ledger.Posting} comes out, and a store appends it.
 */
package dev.imagerelay.domain.ledger;
