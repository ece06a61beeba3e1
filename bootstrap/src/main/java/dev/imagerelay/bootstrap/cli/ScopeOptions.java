package dev.imagerelay.bootstrap.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a key may order. */
final class ScopeOptions {

    private static final String ANY = "any";

    @Option(names = "--models", paramLabel = "MODEL", split = ",", description = "These models alone, or any.")
    private List<String> models;

    @Option(names = "--credits", paramLabel = "CREDITS|none", converter = Cap.Credits.class,
            description = "Credits that it can spend in all.")
    private Cap credits;

    @Option(names = "--expires", paramLabel = "TIME|none", converter = Cap.Time.class,
            description = "When it stops working.")
    private Cap expires;

    @Mixin
    private LimitOptions limits;

    /** What was named; {@code null} takes a restriction away. */
    Map<String, Object> chosen() {
        Map<String, Object> scope = new LinkedHashMap<>();
        if (models != null) {
            scope.put("models", models.equals(List.of(ANY)) ? List.of() : models);
        }
        LimitOptions.put(scope, "credits", credits);
        LimitOptions.put(scope, "expires_at", expires);
        Map<String, Object> chosen = limits.chosen();
        if (!chosen.isEmpty()) {
            scope.put("limits", chosen);
        }
        return scope;
    }
}
