package dev.imagerelay.domain.relay;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.domain.image.Delivery;
import java.io.OutputStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A reply with pictures has at least one, and every reply that is discarded gives up its body. */
class UpstreamReplyTest {

    @Test
    void aDiscardedReplyGivesUpItsBody() {
        Body pictures = new Body();
        Body refusal = new Body();

        new UpstreamReply.Images(pictures, Delivery.of(1)).discard();
        new UpstreamReply.Refused(400, refusal).discard();

        assertEquals(1, pictures.closed);
        assertEquals(1, refusal.closed);
    }

    @Test
    void aFailureHasNoBodyToGiveUp() {
        UpstreamReply.Failed failed = UpstreamReply.Failed.of(UpstreamFailure.TIMED_OUT);

        assertEquals(new UpstreamReply.Failed(UpstreamFailure.TIMED_OUT, Optional.empty()), failed);
        assertDoesNotThrow(failed::discard);
    }

    @Test
    void anAnswerWithoutPicturesIsNoDelivery() {
        Body body = new Body();

        assertThrows(IllegalArgumentException.class, () -> new UpstreamReply.Images(body, Delivery.of(0)));
    }

    private static final class Body implements ReplyBody {

        private int closed;

        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        public long length() {
            return 0;
        }

        @Override
        public void writeTo(OutputStream out) {}

        @Override
        public void close() {
            closed++;
        }
    }
}
