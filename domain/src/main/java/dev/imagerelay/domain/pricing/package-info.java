/**
 * What pictures cost. One pure function, {@link dev.imagerelay.domain.pricing.PriceTable#dearest}, stands behind the
 * catalogue's prices, the quote, the hold and the charge, so that they cannot differ.
 */
package dev.imagerelay.domain.pricing;
