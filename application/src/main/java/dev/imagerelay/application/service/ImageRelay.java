package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.Authenticate;
import dev.imagerelay.application.port.in.GenerateImages;
import dev.imagerelay.application.port.in.ListModels;
import dev.imagerelay.application.port.in.OverseeBusiness;
import dev.imagerelay.application.port.in.QuoteImages;
import dev.imagerelay.application.port.in.ReadCredits;
import dev.imagerelay.application.port.in.ReadResult;
import dev.imagerelay.application.port.in.ReloadCatalogue;
import dev.imagerelay.application.port.in.Sweep;
import dev.imagerelay.application.port.out.Accounts;
import dev.imagerelay.application.port.out.ApiKeys;
import dev.imagerelay.application.port.out.AuditTrail;
import dev.imagerelay.application.port.out.Books;
import dev.imagerelay.application.port.out.CatalogueSource;
import dev.imagerelay.application.port.out.CreditLedger;
import dev.imagerelay.application.port.out.ImageUpstream;
import dev.imagerelay.application.port.out.ModelCatalogue;
import dev.imagerelay.application.port.out.RateCards;
import dev.imagerelay.application.port.out.Reports;
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
    public static GenerateImages generateImages(
            ModelCatalogue models, CreditLedger ledger, ImageUpstream upstream, InstantSource time) {
        return generateImages(models, ledger, upstream, Results.NONE, Unsettled.NONE, time);
    }

    /**
     * Makes pictures and takes credits for them; an order that is given again gets what was delivered the first time.
     *
     * @param results   keeps for a while what was delivered
     * @param unsettled keeps how relays end while the books are out of reach, for {@link #sweep}
     * @param time      tells what is ordered within a minute
     */
    public static GenerateImages generateImages(
            ModelCatalogue models,
            CreditLedger ledger,
            ImageUpstream upstream,
            Results results,
            Unsettled unsettled,
            InstantSource time) {
        GenerateImages images = new GenerateImagesService(models, ledger, upstream, results, unsettled);
        return new GenerateOnceService(new LimitImagesService(images, time), ledger, results, PATIENCE);
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

    /**
     * Holds the catalogue in force: {@code current()} is what is on offer.
     *
     * @throws IllegalArgumentException if what the source has now cannot be used
     */
    public static ReloadCatalogue reloadCatalogue(
            CatalogueSource source, RateCards rateCards, AuditTrail trail, InstantSource time) {
        return new ReloadCatalogueService(source, rateCards, trail, time);
    }

    /** Tells what is left, and where the rest went; the time tells which day it is. */
    public static ReadCredits readCredits(CreditLedger ledger, Reports reports, InstantSource time) {
        return new ReadCreditsService(ledger, reports, time);
    }

    /** Recognises callers by their keys; the time tells which of them have expired. */
    public static Authenticate authenticate(ApiKeys keys, InstantSource time) {
        return new AuthenticateService(keys, time);
    }

    /**
     * Opens accounts, issues keys, moves credits by hand.
     *
     * @param time   dates what is made
     * @param random makes keys; must be cryptographically strong
     */
    public static AdministerAccounts administerAccounts(
            Accounts accounts, ApiKeys keys, CreditLedger ledger, InstantSource time, RandomGenerator random) {
        return new AdministerAccountsService(accounts, keys, ledger, time, random, "in-house");
    }

    /** Tells an operator whatever there is to know. */
    public static OverseeBusiness overseeBusiness(
            Accounts accounts, ApiKeys keys, CreditLedger ledger, Reports reports, Books books, AuditTrail trail) {
        return new OverseeBusinessService(accounts, keys, ledger, reports, books, trail);
    }

    /** Tidies the books up. */
    public static Sweep sweep(CreditLedger ledger, Unsettled unsettled, Results results) {
        return new SweepService(ledger, unsettled, results);
    }
}
