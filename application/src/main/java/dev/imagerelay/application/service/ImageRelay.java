package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.Authenticate;
import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.application.port.in.ListModels;
import dev.imagerelay.application.port.in.QuoteImages;
import dev.imagerelay.application.port.in.ReadCredits;
import dev.imagerelay.application.port.in.ReleaseAbandonedHolds;
import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.application.port.out.ApiKeys;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.ImageUpstream;
import dev.imagerelay.application.port.out.ModelCatalogue;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Where a program that embeds Image Relay begins: every use case, made from the ports it needs and nothing else.
 * What is made here has no threads, no state of its own and nothing to close, and serves many threads at once.
 */
public final class ImageRelay {

    private ImageRelay() {}

    /** Makes pictures and takes credits for them. */
    public static GenerateImages generateImages(ModelCatalogue models, CreditLedger ledger, ImageUpstream upstream) {
        return new GenerateImagesService(models, ledger, upstream);
    }

    /** Tells prices in advance. */
    public static QuoteImages quoteImages(ModelCatalogue models, CreditLedger ledger) {
        return new QuoteImagesService(models, ledger);
    }

    /** Tells what is on offer. */
    public static ListModels listModels(ModelCatalogue models) {
        return models::current;
    }

    /** Tells what is left, and where the rest went. */
    public static ReadCredits readCredits(CreditLedger ledger) {
        return new ReadCreditsService(ledger);
    }

    /** Recognises callers by their keys. */
    public static Authenticate authenticate(ApiKeys keys) {
        return new AuthenticateService(keys);
    }

    /**
     * Opens accounts, issues keys, moves credits by hand.
     *
     * @param time   dates what is made
     * @param random makes keys; must be cryptographically strong
     */
    public static AdministerAccounts administerAccounts(
            Accounts accounts, ApiKeys keys, CreditLedger ledger, InstantSource time, RandomGenerator random) {
        return new AdministerAccountsService(accounts, keys, ledger, time, random);
    }

    /** Gives back what a process that is gone has left behind. */
    public static ReleaseAbandonedHolds releaseAbandonedHolds(CreditLedger ledger) {
        return new ReleaseAbandonedHoldsService(ledger);
    }
}
