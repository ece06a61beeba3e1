/**
 * The server: settings in, everything wired together by hand, and the command line. The only place that knows every
 * module, and the only one that reads the clock, the environment and random numbers.
 */
package dev.imagerelay.bootstrap;
