/** Who owns credits and who may spend them. */
package dev.imagerelay.domain.account;
