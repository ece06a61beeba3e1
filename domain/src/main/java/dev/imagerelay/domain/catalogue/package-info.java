/** What is on offer: models with their sizes, qualities, styles, prices and the upstreams that make them. */
package dev.imagerelay.domain.catalogue;
