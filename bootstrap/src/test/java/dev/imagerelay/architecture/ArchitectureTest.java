package dev.imagerelay.architecture;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.FailureReport;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The walls between the modules stand, and each of them would notice if it were broken: every rule has an offender. */
class ArchitectureTest {

    private static final String OURS = "dev.imagerelay";
    private static final String OFFENDERS = "dev.imagerelay.architecture.offenders";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages(OURS);
    private static final JavaClasses OFFENCES = new ClassFileImporter().importPackages(OFFENDERS);

    static Stream<String> rules() {
        return Rules.on(OURS).keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleHoldsForOurs(String name) {
        Rules.on(OURS).get(name).check(MAIN);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleReportsItsOffender(String name) {
        Map<String, ArchRule> rules = Rules.on(OFFENDERS);

        FailureReport report = rules.get(name).evaluate(OFFENCES).getFailureReport();

        assertFalse(report.isEmpty(), name + " is not reported");
        assertTrue(report.toString().contains(name), report.toString());
    }

    static final String[] PACKAGES = {
        "domain.account", "domain.catalogue", "domain.image", "domain.ledger", "domain.pricing", "domain.relay",
        "application.port.in", "application.port.out", "application.service", "adapters.http", "adapters.upstream",
        "adapters.persistence", "adapters.telemetry", "bootstrap", "bootstrap.cli"
    };

    @ParameterizedTest
    @FieldSource("PACKAGES")
    void noRuleGuardsAnEmptyPackage(String name) {
        assertTrue(MAIN.stream().anyMatch(type -> type.getPackageName().equals(OURS + "." + name)));
    }

    @Test
    void noOffenderIsTakenForOurs() {
        assertTrue(MAIN.stream().noneMatch(type -> type.getPackageName().startsWith(OFFENDERS)));
    }
}
