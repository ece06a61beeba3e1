/**
 * What Image Relay needs of its surroundings. Every call may block, and is made by many threads at once. A store that
 * cannot be reached throws {@link dev.imagerelay.application.port.out.StoreUnavailable}.
 */
package dev.imagerelay.application.port.out;
