package dev.imagerelay.adapters.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantId;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.pricing.Credits;
import dev.imagerelay.domain.report.UsageQuery;
import dev.imagerelay.domain.report.UsageRow;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller can see of the books: totals, and every entry page by page. */
class CreditsHandlerTest {

    private final TestGateway gateway = TestGateway.start();

    @BeforeEach
    void buyAPictureAndGetACorrection() throws Exception {
        assertEquals(
                200, gateway.send(gateway.post("/v1/images/generations", TestGateway.ORDER)).statusCode());
        gateway.administration.adjustUp(gateway.account, Credits.of("0.000001"), new Note("Eve", "a rounding"));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void totalsArePlainDecimals() throws Exception {
        assertEquals(
                "{\"available\":98.500001,\"held\":0,\"granted\":99.500001,\"spent\":1,\"expired\":0}",
                get("").body());
    }

    @Test
    void aGrantIsToldWhileSomethingOfItIsLeft() throws Exception {
        Grant whole = grant("a", Optional.of(Instant.parse("2027-01-01T00:00:00Z")));
        Grant usedUp = new Grant(
                new GrantId("b"), GrantSource.PURCHASED, 50, Optional.empty(), whole.grantedAt(), Optional.empty(),
                Credits.of("1"), Credits.ZERO, Credits.ZERO);
        when(gateway.reports.grants(gateway.account)).thenReturn(List.of(whole, usedUp, grant("c", Optional.empty())));

        JsonNode grants = TestGateway.json(get("/grants")).get("data");

        assertEquals(2, grants.size());
        assertEquals(
                "{\"id\":\"a\",\"source\":\"promotional\",\"granted\":2.5,\"available\":2.5,\"held\":0,"
                        + "\"granted_at\":\"2026-11-22T12:00:00Z\",\"expires_at\":\"2027-01-01T00:00:00Z\"}",
                grants.get(0).toString());
        assertTrue(grants.get(1).get("expires_at").isNull());
    }

    private static Grant grant(String id, Optional<Instant> expires) {
        return Grant.of(
                new GrantId(id), GrantSource.PROMOTIONAL, 50, expires, Instant.parse("2026-11-22T12:00:00Z"),
                Optional.of("payment-1"), Credits.of("2.5"));
    }

    @Test
    void usageIsToldOfTheLastDaysAndOfNobodyElse() throws Exception {
        UsageQuery week = new UsageQuery(
                Instant.parse("2026-11-16T00:00:00Z"), Instant.parse("2026-11-23T00:00:00Z"),
                Optional.of(gateway.account), UsageQuery.Grain.DAY, List.of(UsageQuery.Dimension.MODEL));
        when(gateway.reports.usage(week)).thenReturn(List.of(new UsageRow(
                Instant.parse("2026-11-20T00:00:00Z"), List.of("painter"), 3, 4, 2, Credits.of("4"),
                Credits.of("1.5"), Credits.ZERO)));

        assertEquals(
                "{\"object\":\"list\",\"data\":[{\"day\":\"2026-11-20\",\"model\":\"painter\",\"orders\":3,"
                        + "\"images\":2,\"charged\":1.5,\"refunded\":0}]}",
                get("/usage?days=7").body());
        assertEquals(400, get("/usage?days=367").statusCode());
        assertEquals(400, get("/usage?days=0").statusCode());
    }

    @Test
    void noAmountHasAnExponent() throws Exception {
        gateway.administration.adjustUp(gateway.account, Credits.of("9000000901.499999"), new Note("Eve", "a gift"));

        assertTrue(get("").body().startsWith("{\"available\":9000001000,"), get("").body());
        String entries = get("/entries?limit=2").body();
        assertTrue(entries.contains("\"amount\":9000000901.499999,"), entries);
        assertTrue(entries.contains("\"amount\":0.000001,"), entries);
    }

    @Test
    void anEntryTellsWhatHappenedToWhichCreditsAndWhy() throws Exception {
        JsonNode page = TestGateway.json(get("/entries"));

        JsonNode adjusted = page.get("data").get(0);
        assertEquals(
                "{\"number\":4,\"kind\":\"adjusted_up\",\"amount\":0.000001,\"grant\":" + adjusted.get("grant")
                        + ",\"relay\":null,\"at\":\"2026-11-22T12:00:00Z\","
                        + "\"note\":{\"who\":\"Eve\",\"reason\":\"a rounding\"}}",
                adjusted.toString().replace("1.0E-6", "0.000001"));
        JsonNode settled = page.get("data").get(1);
        assertEquals("settled", settled.get("kind").textValue());
        assertEquals("req_00000000000000000000000000000001", settled.get("relay").textValue());
        assertTrue(settled.get("note").isNull());
        assertEquals("list", page.get("object").textValue());
        assertFalse(page.get("has_more").booleanValue());
        assertTrue(page.get("next").isNull());
    }

    @Test
    void allEntriesAreSeenOncePageByPage() throws Exception {
        List<Long> seen = new ArrayList<>();
        JsonNode page = TestGateway.json(get("/entries?limit=1"));
        while (page.get("has_more").booleanValue()) {
            page.get("data").forEach(line -> seen.add(line.get("number").longValue()));
            page = TestGateway.json(get("/entries?limit=1&before=" + page.get("next").longValue()));
        }
        page.get("data").forEach(line -> seen.add(line.get("number").longValue()));

        assertEquals(List.of(4L, 3L, 2L, 1L), seen);
    }

    @Test
    void aPageHasFiftyEntriesUnlessAskedOtherwise() throws Exception {
        for (int i = 0; i < 60; i++) {
            gateway.administration.adjustUp(gateway.account, Credits.of("1"), new Note("Eve", "again"));
        }

        assertEquals(50, TestGateway.json(get("/entries")).get("data").size());
        assertEquals(64, TestGateway.json(get("/entries?limit=200")).get("data").size());
        assertEquals(0, TestGateway.json(get("/entries?before=1")).get("data").size());
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit", "limit=201, limit", "limit=-1, limit", "limit=1.5, limit", "limit=, limit", "limit=x, limit",
        "before=0, before", "before=x, before", "before=99999999999999999999, before"
    })
    void aPageThatCannotBeIsRefused(String query, String param) throws Exception {
        HttpResponse<String> response = get("/entries?" + query);

        assertEquals(400, response.statusCode());
        assertEquals(param, TestGateway.json(response).at("/error/param").textValue());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return gateway.send(gateway.from("/api/ai/credits" + path));
    }
}
