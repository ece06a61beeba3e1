/** The least of a browser that tests of pages need: Chromium, spoken to over its DevTools protocol. */
package dev.imagerelay.bootstrap.browser;
