package dev.imagerelay.application.service;

import dev.imagerelay.application.port.in.ReloadCatalogue;
import dev.imagerelay.application.port.out.AuditTrail;
import dev.imagerelay.application.port.out.CatalogueSource;
import dev.imagerelay.application.port.out.RateCards;
import dev.imagerelay.domain.account.AuditRecord;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.pricing.RateCardVersion;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Holds the catalogue in force. Its prices are kept before anything is priced by them. */
final class ReloadCatalogueService implements ReloadCatalogue {

    private final CatalogueSource source;
    private final RateCards rateCards;
    private final AuditTrail trail;
    private final InstantSource time;
    private volatile Catalogue current;

    /** Begins with what the source has now; throws as it does. */
    ReloadCatalogueService(CatalogueSource source, RateCards rateCards, AuditTrail trail, InstantSource time) {
        this.source = source;
        this.rateCards = rateCards;
        this.trail = trail;
        this.time = time;
        this.current = read();
    }

    private Catalogue read() {
        Catalogue catalogue = source.read();
        rateCards.keep(catalogue.rateCard());
        return catalogue;
    }

    @Override
    public Catalogue current() {
        return current;
    }

    @Override
    public synchronized Outcome reload(String who) {
        RateCardVersion before = current.rateCard().version();
        Catalogue catalogue;
        try {
            catalogue = read();
        } catch (IllegalArgumentException e) {
            return new Refused(e.getMessage());
        }
        trail.add(new AuditRecord(
                time.instant(), who, "reload catalogue", "catalogue", Optional.of("prices " + before),
                Optional.of("prices " + catalogue.rateCard().version())));
        current = catalogue;
        return new InForce(catalogue, before);
    }

    @Override
    public List<Version> versions() {
        return rateCards.versions().stream().map(kept -> new Version(kept.version(), kept.since())).toList();
    }

    @Override
    public Optional<String> prices(RateCardVersion version) {
        return rateCards.text(version);
    }
}
