package dev.imagerelay.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The walls between the modules, as rules on a tree of packages: ours, or the one in which every rule has an offender.
 */
final class Rules {

    private static final String JSON = "com.fasterxml.jackson..";
    private static final String YAML = "com.fasterxml.jackson.dataformat..";
    private static final String[] SERVER = {"io.javalin..", "org.eclipse.jetty..", "jakarta.servlet.."};
    private static final String[] SQL = {"java.sql..", "javax.sql..", "org.jdbi..", "org.h2..", "com.zaxxer..",
        "org.flywaydb.."};
    private static final String[] METRICS = {"io.micrometer..", "io.opentelemetry.."};
    private static final String[] CLIENT = {"org.apache.hc..", "java.net.http.."};

    private Rules() {}

    /** Every rule by the name of its offender. */
    static Map<String, ArchRule> on(String root) {
        String http = root + ".adapters.http..";
        String upstream = root + ".adapters.upstream..";
        String persistence = root + ".adapters.persistence..";
        String telemetry = root + ".adapters.telemetry..";
        String bootstrap = root + ".bootstrap..";
        String commands = root + ".bootstrap.cli..";
        Map<String, ArchRule> rules = new LinkedHashMap<>();

        rules.put("DomainKnowsALibrary", classes().that().resideInAPackage(root + ".domain..")
                .should().onlyDependOnClassesThat().resideInAnyPackage("java..", root + ".domain.."));
        rules.put("DomainKnowsSql", noClasses().that().resideInAnyPackage(root + ".domain..", root + ".application..")
                .should().dependOnClassesThat().resideInAnyPackage("java.sql..", "java.net.http.."));
        rules.put("ApplicationKnowsAnAdapter", classes().that().resideInAPackage(root + ".application..")
                .should().onlyDependOnClassesThat()
                .resideInAnyPackage("java..", root + ".domain..", root + ".application.."));
        rules.put("InPortKnowsAnOutPort", noClasses().that().resideInAPackage(root + ".application.port.in..")
                .should().dependOnClassesThat().resideInAPackage(root + ".application.port.out.."));

        rules.put("HttpKnowsUpstream", noClasses().that().resideInAPackage(http)
                .should().dependOnClassesThat().resideInAnyPackage(upstream, persistence, telemetry, bootstrap));
        rules.put("UpstreamKnowsPersistence", noClasses().that().resideInAPackage(upstream)
                .should().dependOnClassesThat().resideInAnyPackage(http, persistence, telemetry, bootstrap));
        rules.put("PersistenceKnowsHttp", noClasses().that().resideInAPackage(persistence)
                .should().dependOnClassesThat().resideInAnyPackage(http, upstream, telemetry, bootstrap));
        rules.put("CommandKnowsTheServer", noClasses().that().resideInAPackage(commands)
                .should().dependOnClassesThat().resideInAnyPackage(
                        root + ".domain..", root + ".application..", root + ".adapters..", root + ".bootstrap"));
        rules.put("TelemetryKnowsUpstream", noClasses().that().resideInAPackage(telemetry)
                .should().dependOnClassesThat().resideInAnyPackage(http, upstream, persistence, bootstrap));
        rules.put("AdapterShowsAnInnerType", classes().that().resideInAPackage(root + ".adapters..")
                .and().areTopLevelClasses().and(are(notNamed(
                        "RelayHttpServer", "AdminHttpServer", "OpenAiUpstreams", "UpstreamSettings", "SampleUpstream", "Database",
                        "DatabaseUnusable", "UnsettledFile", "ResultFiles", "Telemetry")))
                .should().notBePublic());

        rules.put("PersistenceKnowsJson", noClasses().that().resideInAPackage(persistence)
                .should().dependOnClassesThat().resideInAPackage(JSON));
        rules.put("UpstreamKnowsYaml", noClasses().that().resideInAnyPackage(upstream, persistence)
                .should().dependOnClassesThat().resideInAPackage(YAML));
        rules.put("UpstreamKnowsTheServer", noClasses().that().resideOutsideOfPackage(http)
                .should().dependOnClassesThat().resideInAnyPackage(SERVER));
        rules.put("HttpKnowsSql", noClasses().that().resideOutsideOfPackage(persistence)
                .should().dependOnClassesThat().resideInAnyPackage(SQL));
        rules.put("HttpCallsOut", noClasses().that().resideOutsideOfPackages(upstream, commands)
                .should().dependOnClassesThat().resideInAnyPackage(CLIENT));
        rules.put("HttpCounts", noClasses().that().resideOutsideOfPackage(telemetry)
                .should().dependOnClassesThat().resideInAnyPackage(METRICS));
        // Both loop for ever over HTTP/2 when a client resets (Javalin 7.2.3), and no handler of ours needs them.
        rules.put("HttpDefersItsAnswer", noClasses().that().resideInAPackage(root + "..")
                .should().callMethodWhere(calls("io\\.javalin\\.http\\.Context", "future|async"))
                .orShould().dependOnClassesThat().resideInAPackage("io.javalin.http.sse.."));

        rules.put("MoneyInAField", fields().that().areDeclaredInClassesThat(areMoney(root))
                .should().notHaveRawType(float.class).andShould().notHaveRawType(double.class));
        rules.put("MoneyInAMethod", methods().that().areDeclaredInClassesThat(areMoney(root))
                .should().notHaveRawReturnType(float.class).andShould().notHaveRawReturnType(double.class));
        rules.put("MoneyInAParameter", codeUnits().that().areDeclaredInClassesThat(areMoney(root))
                .should().notHaveRawParameterTypes(withAFloat()));

        rules.put("AdapterReadsTheClock", noClasses().that().resideOutsideOfPackage(bootstrap)
                .should().callMethodWhere(calls("java\\.lang\\.System", "currentTimeMillis|nanoTime"))
                .orShould().callMethodWhere(calls("java\\.time\\..*", "now|system.*|tick.*")));
        rules.put("AdapterReadsTheEnvironment", noClasses().that().resideOutsideOfPackage(bootstrap)
                .should().callMethodWhere(calls("java\\.lang\\.System", "getenv|getProperty")));
        rules.put("AdapterThrowsDice", noClasses().that().resideOutsideOfPackage(bootstrap)
                .should().callMethodWhere(calls("java\\.util\\.UUID", "randomUUID"))
                .orShould().callMethodWhere(calls("java\\.lang\\.Math", "random"))
                .orShould().callMethodWhere(calls("java\\.util\\.concurrent\\.ThreadLocalRandom", "current"))
                .orShould().callConstructorWhere(target(owner(nameMatching(
                        "java\\.util\\.Random|java\\.security\\.SecureRandom")))));

        rules.put("PackagesInACircle", slices().matching(root + ".(**)").should().beFreeOfCycles());
        return rules;
    }

    private static DescribedPredicate<JavaClass> areMoney(String root) {
        return are(resideInAnyPackage(root + ".domain.pricing..", root + ".domain.ledger.."));
    }

    private static DescribedPredicate<JavaClass> notNamed(String... names) {
        return DescribedPredicate.describe(
                "not named " + String.join(", ", names),
                type -> Arrays.stream(names).noneMatch(type.getSimpleName()::equals));
    }

    private static DescribedPredicate<JavaCall<?>> calls(String owners, String methods) {
        return target(owner(nameMatching(owners))).and(target(nameMatching(methods)));
    }

    private static DescribedPredicate<List<JavaClass>> withAFloat() {
        return DescribedPredicate.describe(
                "with a float or double", types -> types.stream()
                        .anyMatch(type -> type.isEquivalentTo(double.class) || type.isEquivalentTo(float.class)));
    }
}
