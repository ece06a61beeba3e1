package dev.imagerelay.bootstrap;

import dev.imagerelay.domain.relay.Declined;
import java.util.List;

/** A catalogue's refusal of an order, in words for the command line. */
final class NotOffered implements Declined.Cases<String> {

    @Override
    public String unknownModel(Declined.UnknownModel declined) {
        return "there is no model " + declined.asked() + "; offered are " + listed(declined.offered());
    }

    @Override
    public String tooManyImages(Declined.TooManyImages declined) {
        return declined.model() + " makes at most " + declined.most() + " images at a time, not " + declined.asked();
    }

    @Override
    public String qualityNotOffered(Declined.QualityNotOffered declined) {
        return declined.model() + " has no quality " + declined.asked() + "; offered are " + listed(declined.offered());
    }

    @Override
    public String styleNotOffered(Declined.StyleNotOffered declined) {
        return declined.model() + " has no style " + declined.asked() + "; offered are " + listed(declined.offered());
    }

    @Override
    public String sizeNotOffered(Declined.SizeNotOffered declined) {
        return declined.model() + " has no size " + declined.asked() + "; offered are " + listed(declined.offered());
    }

    private static String listed(List<?> offered) {
        return offered.isEmpty() ? "none" : offered.toString();
    }

    @Override
    public String keyRefused(Declined.KeyRefused declined) {
        throw notOfACatalogue(declined);
    }

    @Override
    public String accountSuspended(Declined.AccountSuspended declined) {
        throw notOfACatalogue(declined);
    }

    @Override
    public String modelNotAllowed(Declined.ModelNotAllowed declined) {
        throw notOfACatalogue(declined);
    }

    @Override
    public String limitReached(Declined.LimitReached declined) {
        throw notOfACatalogue(declined);
    }

    @Override
    public String spendingCapReached(Declined.SpendingCapReached declined) {
        throw notOfACatalogue(declined);
    }

    @Override
    public String dearerThanAllowed(Declined.DearerThanAllowed declined) {
        throw notOfACatalogue(declined);
    }

    @Override
    public String alreadyOrdered(Declined.AlreadyOrdered declined) {
        throw notOfACatalogue(declined);
    }

    @Override
    public String resultGone(Declined.ResultGone declined) {
        throw notOfACatalogue(declined);
    }

    @Override
    public String insufficientCredits(Declined.InsufficientCredits declined) {
        throw notOfACatalogue(declined);
    }

    private static IllegalStateException notOfACatalogue(Declined declined) {
        return new IllegalStateException("a catalogue knows nothing of keys and credits: " + declined);
    }
}
