package dev.imagerelay.domain.relay;

/**
 * Watches a streamed order being made: takes what an upstream shows before the first picture is whole and has been
 * paid for. That is free.
 */
@FunctionalInterface
public interface Previews {

    /** Looks at nothing, for orders that are not streamed and for whoever wants the pictures only. */
    Previews UNSEEN = ReplyBody::close;

    /**
     * Takes the next whole events, of type {@code text/event-stream}, just as they came. Called by one thread, which
     * waits meanwhile with reading on; so it should return at once, and it never throws because nobody watches any
     * more. The receiver closes the body.
     */
    void show(ReplyBody events);
}
