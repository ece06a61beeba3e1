package dev.imagerelay.adapters.http;

import dev.imagerelay.adapters.http.AdminHttpServer.Monitoring;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/** Tells machines how the gateway is: its metrics to those who have a token for it, its health to everybody. */
final class AdminMonitor {

    private final Admins admins;
    private final Optional<Admins> scrapers;
    private final Monitoring monitoring;

    /** Who may see the metrics: administrators, and whoever has a token for just that. */
    AdminMonitor(Admins admins, Optional<Admins> scrapers, Monitoring monitoring) {
        this.admins = admins;
        this.scrapers = scrapers;
        this.monitoring = monitoring;
    }

    Answer metrics(HttpServletRequest request) {
        return scrapers.map(known -> known.identify(request))
                .filter(Reading.Read.class::isInstance)
                .orElseGet(() -> admins.identify(request))
                .answer(who -> new MetricsAnswer(monitoring.metrics().get()));
    }

    Answer live() {
        return JsonAnswer.ok(JsonAnswer.object().put("status", "ok"));
    }

    Answer ready() {
        List<String> reasons = monitoring.notReady().get();
        return reasons.isEmpty()
                ? live()
                : new JsonAnswer(503, JsonAnswer.object()
                        .put("status", "not ready")
                        .set("reasons", JsonAnswer.names(reasons)));
    }
}
