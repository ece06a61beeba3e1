package dev.imagerelay.application.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.imagerelay.application.Catalogues;
import dev.imagerelay.application.SettableTime;
import dev.imagerelay.application.port.in.ReloadCatalogue;
import dev.imagerelay.application.port.out.InMemoryAuditTrail;
import dev.imagerelay.application.port.out.InMemoryRateCards;
import dev.imagerelay.application.port.out.RateCards;
import dev.imagerelay.application.port.out.StoreUnavailable;
import dev.imagerelay.domain.account.AuditRecord;
import dev.imagerelay.domain.catalogue.Catalogue;
import dev.imagerelay.domain.pricing.RateCard;
import dev.imagerelay.domain.pricing.RateCardVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A catalogue comes into force whole, with its prices kept, or changes nothing. */
class ReloadCatalogueServiceTest {

    private static final Catalogue OLD = Catalogues.painterFor("1", "2", "5");
    private static final Catalogue NEW = Catalogues.painterFor("2", "3", "6");

    private final SettableTime time = new SettableTime();
    private final InMemoryRateCards rateCards = new InMemoryRateCards(time);
    private final InMemoryAuditTrail trail = new InMemoryAuditTrail();
    private Catalogue file = OLD;
    private final ReloadCatalogue catalogues = new ReloadCatalogueService(this::read, rateCards, trail, time);

    private Catalogue read() {
        if (file == null) {
            throw new IllegalArgumentException("model painter, row 3: no price");
        }
        return file;
    }

    @Test
    void itBeginsWithWhatTheSourceHas() {
        assertSame(OLD, catalogues.current());
        assertEquals(Optional.of(OLD.rateCard().text()), catalogues.prices(OLD.rateCard().version()));
        file = null;
        assertThrows(IllegalArgumentException.class, () -> new ReloadCatalogueService(this::read, rateCards, trail, time));
    }

    @Test
    void aReloadPutsTheNewPricesInForceAndKeepsTheOldOnRecord() {
        time.pass(Duration.ofDays(1));
        file = NEW;

        ReloadCatalogue.Outcome outcome = catalogues.reload("olivia");

        assertEquals(new ReloadCatalogue.InForce(NEW, OLD.rateCard().version()), outcome);
        assertSame(NEW, catalogues.current());
        AuditRecord record = trail.records(Optional.empty(), OptionalLong.empty(), 10).get(0).record();
        assertEquals("olivia", record.who());
        assertEquals(Optional.of("prices " + OLD.rateCard().version()), record.before());
        assertEquals(Optional.of("prices " + NEW.rateCard().version()), record.after());
        assertEquals(
                List.of(
                        new ReloadCatalogue.Version(NEW.rateCard().version(), time.instant()),
                        new ReloadCatalogue.Version(
                                OLD.rateCard().version(), time.instant().minus(Duration.ofDays(1)))),
                catalogues.versions());
        assertEquals(Optional.of(OLD.rateCard().text()), catalogues.prices(OLD.rateCard().version()));
    }

    @Test
    void aCatalogueThatCannotBeUsedChangesNothing() {
        file = null;

        assertEquals(new ReloadCatalogue.Refused("model painter, row 3: no price"), catalogues.reload("olivia"));

        assertSame(OLD, catalogues.current());
        assertEquals(1, catalogues.versions().size());
        assertEquals(List.of(), trail.records(Optional.empty(), OptionalLong.empty(), 10));
    }

    @Test
    void pricesThatCannotBeKeptDoNotComeIntoForce() {
        RateCards lost = new RateCards() {
            private int kept;

            @Override
            public void keep(RateCard card) {
                if (kept++ > 0) {
                    throw StoreUnavailable.before("the database is away");
                }
            }

            @Override
            public Optional<String> text(RateCardVersion version) {
                return Optional.empty();
            }

            @Override
            public List<Kept> versions() {
                return List.of();
            }
        };
        ReloadCatalogue unlucky = new ReloadCatalogueService(this::read, lost, trail, time);
        file = NEW;

        assertThrows(StoreUnavailable.class, () -> unlucky.reload("olivia"));
        assertSame(OLD, unlucky.current());
    }

    @Test
    void aReloadOfTheSameChangesNoPrice() {
        ReloadCatalogue.InForce inForce = assertInstanceOf(ReloadCatalogue.InForce.class, catalogues.reload("olivia"));

        assertEquals(inForce.catalogue().rateCard().version(), inForce.before());
        assertEquals(1, catalogues.versions().size());
    }
}
