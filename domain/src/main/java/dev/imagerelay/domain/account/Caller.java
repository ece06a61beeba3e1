package dev.imagerelay.domain.account;

/**
 * Somebody who proved to hold a working key.
 *
 * @param account   whose credits are spent
 * @param keyPrefix the public part of the key that was presented
 */
public record Caller(AccountId account, String keyPrefix) {}
