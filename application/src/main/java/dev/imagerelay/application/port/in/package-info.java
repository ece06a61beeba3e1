/** What may be asked of Image Relay. Every call may block; every implementation serves many threads at once. */
package dev.imagerelay.application.port.in;
