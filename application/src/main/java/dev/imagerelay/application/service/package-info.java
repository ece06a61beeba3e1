/**
 * The use cases. {@link dev.imagerelay.application.service.ImageRelay} makes each of them from the ports it needs.
 */
package dev.imagerelay.application.service;
