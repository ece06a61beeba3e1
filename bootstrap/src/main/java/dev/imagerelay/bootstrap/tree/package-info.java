/** Texts in JSON or YAML as trees. */
package dev.imagerelay.bootstrap.tree;
