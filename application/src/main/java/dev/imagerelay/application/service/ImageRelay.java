package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.Authenticate;
import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.application.port.in.ListModels;
import dev.imagerelay.application.port.in.QuoteImages;
import dev.imagerelay.application.port.in.ReadCredits;
import dev.imagerelay.application.port.in.ReadResult;
import dev.imagerelay.application.port.in.Sweep;
import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.application.port.out.ApiKeys;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.ImageUpstream;
import dev.imagerelay.application.port.out.ModelCatalogue;
import dev.imagerelay.application.port.out.Results;
import dev.imagerelay.application.port.out.Unsettled;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * Where a program that embeds Image Relay begins: every use case, made from the ports it needs and nothing else.
 * What is made here has no threads and nothing to close, and serves many threads at once.
 */
public final class ImageRelay {

    /** How long an order that is given again waits for the original; SDKs give up after ten minutes at most. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ImageRelay() {}

    /**
     * Makes pictures and takes credits for them. What was delivered is not kept, so an order that is given again is
     * recognised by its claim, but refused; and a relay that ends while the books are out of reach fails.
     */
    public static GenerateImages generateImages(ModelCatalogue models, CreditLedger ledger, ImageUpstream upstream) {
        return generateImages(models, ledger, upstream, Results.NONE, Unsettled.NONE);
    }

    /**
     * Makes pictures and takes credits for them; an order that is given again gets what was delivered the first time.
     *
     * @param results   keeps for a while what was delivered
     * @param unsettled keeps how relays end while the books are out of reach, for {@link #sweep}
     */
    public static GenerateImages generateImages(
            ModelCatalogue models,
            CreditLedger ledger,
            ImageUpstream upstream,
            Results results,
            Unsettled unsettled) {
        return new GenerateOnceService(
                new GenerateImagesService(models, ledger, upstream, results, unsettled), ledger, results, PATIENCE);
    }

    /** Gives what has been paid for once more. */
    public static ReadResult readResult(CreditLedger ledger, Results results) {
        return new ReadResultService(ledger, results);
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

    /** Tidies the books up. */
    public static Sweep sweep(CreditLedger ledger, Unsettled unsettled, Results results) {
        return new SweepService(ledger, unsettled, results);
    }
}
