/**
 * What an administrator can ask of a running gateway and have it do, on the command line. These commands know the
 * administration's HTTP alone and nothing of the server, so that they start quickly and may be used from elsewhere.
 */
package dev.imagerelay.bootstrap.cli;
