/** One request on its way: what goes upstream, what comes back, and every way it can end. */
package dev.imagerelay.domain.relay;
