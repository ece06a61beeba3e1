/** What an operator asks of the business: which relays there were, and what was used. */
package dev.imagerelay.domain.report;
