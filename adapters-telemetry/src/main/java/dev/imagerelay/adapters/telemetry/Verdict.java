package dev.imagerelay.adapters.telemetry;

import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.relay.Receipt;
import dev.imagerelay.domain.relay.RelayOutcome;
import dev.imagerelay.domain.relay.UpstreamFailure;
import java.util.Optional;

/**
 * How an order ended, in words for a label.
 *
 * @param outcome one of seven
 * @param code    why; empty if all went well
 * @param charged for it
 * @param images  how many pictures were paid for
 * @param loss    why an upstream may have made pictures that nobody paid for; empty if it has not
 */
record Verdict(String outcome, Optional<String> code, Credits charged, int images, Optional<UpstreamFailure> loss) {

    private static final String DECLINED = "declined";
    private static final String REPLAYED = "replayed";

    private static final RelayOutcome.Cases<Verdict> VERDICTS = new Verdicts();

    static Verdict of(RelayOutcome outcome) {
        return outcome.match(VERDICTS);
    }

    /** It ended in an exception. */
    static Verdict of(Throwable thrown) {
        return free("error", thrown instanceof StoreUnavailable ? "store_unavailable" : "internal_error");
    }

    boolean isDeclined() {
        return outcome.equals(DECLINED);
    }

    boolean isReplayed() {
        return outcome.equals(REPLAYED);
    }

    private static Verdict free(String outcome, String code) {
        return new Verdict(outcome, Optional.of(code), Credits.ZERO, 0, Optional.empty());
    }

    private static final class Verdicts implements RelayOutcome.Cases<Verdict> {
        @Override
        public Verdict delivered(RelayOutcome.Delivered outcome) {
            Receipt receipt = outcome.receipt();
            return new Verdict(
                    outcome.cutShort().isEmpty() ? "delivered" : "cut_short",
                    outcome.cutShort().map(UpstreamFailure::code), receipt.charged(), receipt.images(),
                    Optional.empty());
        }

        @Override
        public Verdict refusedUpstream(RelayOutcome.RefusedUpstream outcome) {
            return free("refused_upstream", "refused_upstream");
        }

        @Override
        public Verdict failedUpstream(RelayOutcome.FailedUpstream outcome) {
            UpstreamFailure failure = outcome.failure();
            return new Verdict("failed_upstream", Optional.of(failure.code()), Credits.ZERO, 0,
                    Optional.of(failure).filter(UpstreamFailure::mayHaveWorked));
        }

        @Override
        public Verdict replayed(RelayOutcome.Replayed outcome) {
            return new Verdict(REPLAYED, Optional.empty(), Credits.ZERO, 0, Optional.empty());
        }

        @Override
        public Verdict notAccepted(RelayOutcome.NotAccepted outcome) {
            return free(DECLINED, Words.of(outcome.declined()));
        }
    }
}
