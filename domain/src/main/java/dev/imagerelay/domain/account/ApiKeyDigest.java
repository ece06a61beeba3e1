package dev.imagerelay.domain.account;

import java.security.MessageDigest;
import java.util.Arrays;

/** The SHA-256 of an API key: it recognises the key and cannot be turned back into it. */
public final class ApiKeyDigest {

    private final byte[] sha256;

    /** Takes the 32 bytes of the digest. */
    public ApiKeyDigest(byte[] sha256) {
        if (sha256.length != 32) {
            throw new IllegalArgumentException("a SHA-256 has 32 bytes, not " + sha256.length);
        }
        this.sha256 = sha256.clone();
    }

    /** Whether this is the digest of that secret; takes the same time whatever the answer. */
    public boolean matches(ApiKeySecret secret) {
        return MessageDigest.isEqual(sha256, secret.digest().sha256);
    }

    /** The 32 bytes, a copy. */
    public byte[] bytes() {
        return sha256.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ApiKeyDigest that && MessageDigest.isEqual(sha256, that.sha256);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sha256);
    }

    @Override
    public String toString() {
        return "sha256:...";
    }
}
