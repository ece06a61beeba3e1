package dev.imagerelay.domain.relay;

import dev.imagerelay.domain.account.LimitStatus;
import dev.imagerelay.domain.account.SpendingCap;
import dev.imagerelay.domain.image.ImageQuality;
import dev.imagerelay.domain.image.ImageSize;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.pricing.Credits;
import java.util.List;

/**
 * Every "no" that a well-formed request can meet before anything is bought, in the order in which they are found.
 * Nothing is held and nothing was sent.
 */
public sealed interface Declined {

    /** Answers this case with the one method made for it. */
    <R> R match(Cases<R> cases);

    /** The key is not one of ours, or has been revoked. */
    record KeyRefused() implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.keyRefused(this);
        }
    }

    /** The account of a good key is suspended. */
    record AccountSuspended() implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.accountSuspended(this);
        }
    }

    /** The key is not for this model; those it is for. */
    record ModelNotAllowed(ModelId asked, List<ModelId> allowed) implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.modelNotAllowed(this);
        }
    }

    /** As much has been ordered as the key or its account may order in a time. */
    record LimitReached(LimitStatus limit) implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.limitReached(this);
        }
    }

    /** No such model; what is offered instead. */
    record UnknownModel(String asked, List<ModelId> offered) implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.unknownModel(this);
        }
    }

    /** The model makes fewer pictures at a time. */
    record TooManyImages(ModelId model, int asked, int most) implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.tooManyImages(this);
        }
    }

    /** The model has no such quality; those it has, none if it takes no quality at all. */
    record QualityNotOffered(ModelId model, ImageQuality asked, List<ImageQuality> offered) implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.qualityNotOffered(this);
        }
    }

    /** The model has no such style; those it has, none if it takes no style at all. */
    record StyleNotOffered(ModelId model, String asked, List<String> offered) implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.styleNotOffered(this);
        }
    }

    /** The model has no such size; those it has. */
    record SizeNotOffered(ModelId model, ImageSize asked, List<ImageSize> offered) implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.sizeNotOffered(this);
        }
    }

    /** The order may cost more than the caller allowed for it. */
    record DearerThanAllowed(Credits quoted, Credits allowed) implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.dearerThanAllowed(this);
        }
    }

    /**
     * An earlier relay has a claim on the same order: it is still in flight, or has been paid for.
     *
     * @param sameOrder whether it was for just the same order; if not, one key was used for two orders
     */
    record AlreadyOrdered(RelayId earlier, boolean sameOrder) implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.alreadyOrdered(this);
        }
    }

    /** The same order has been made and paid for, but its result is not kept any more. */
    record ResultGone(RelayId earlier) implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.resultGone(this);
        }
    }

    /** The key or its account may not spend as much; what is spent includes what requests in flight hold. */
    record SpendingCapReached(Credits needed, SpendingCap.Spent spent) implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.spendingCapReached(this);
        }
    }

    /** The account cannot cover the quote; {@code held} is what requests in flight hold and may give back. */
    record InsufficientCredits(Credits needed, Credits available, Credits held) implements Declined {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.insufficientCredits(this);
        }
    }

    /** One method a case, so that the compiler names whoever forgets one. */
    interface Cases<R> {
        R keyRefused(KeyRefused declined);

        R accountSuspended(AccountSuspended declined);

        R modelNotAllowed(ModelNotAllowed declined);

        R limitReached(LimitReached declined);

        R unknownModel(UnknownModel declined);

        R tooManyImages(TooManyImages declined);

        R qualityNotOffered(QualityNotOffered declined);

        R styleNotOffered(StyleNotOffered declined);

        R sizeNotOffered(SizeNotOffered declined);

        R dearerThanAllowed(DearerThanAllowed declined);

        R alreadyOrdered(AlreadyOrdered declined);

        R resultGone(ResultGone declined);

        R spendingCapReached(SpendingCapReached declined);

        R insufficientCredits(InsufficientCredits declined);
    }
}
