/**
 * What can be seen of a gateway from outside: metrics for Prometheus, spans for whatever OpenTelemetry the program
 * brings, and a line in the log for every order, by {@link dev.imagerelay.adapters.telemetry.Telemetry}, which is all
 * that others need to see. It watches ports by standing before them, and changes nothing.
 *
 * <p>No prompt, key or picture is in any of it. What callers are free to write is neither counted nor logged by their
 * own words: a model, size or quality that is not on offer is {@code other}.
 */
package dev.imagerelay.adapters.telemetry;
