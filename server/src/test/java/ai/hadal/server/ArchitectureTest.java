package ai.hadal.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The rooms of the server and the arrows between them: dialects stand beside each other on HTTP and replies.
class ArchitectureTest {

    private static final JavaClasses SERVER = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("ai.hadal.server");

    private static final Map<String, String[]> ARROWS = Map.of(
            "reply",
            new String[] {},
            "connection",
            new String[] {},
            "http",
            new String[] {"connection", "reply"},
            "openai",
            new String[] {"http", "reply"},
            "anthropic",
            new String[] {"http", "reply"},
            "operations",
            new String[] {"http", "reply"},
            "telemetry",
            new String[] {"http", "reply"},
            "web",
            new String[] {"http"});

    @Test
    void everyRoomUsesItsOwnNeighboursOnly() {
        ARROWS.forEach((room, neighbours) -> {
            String[] allowed = Stream.concat(Stream.of(room), Stream.of(neighbours))
                    .map(name -> "ai.hadal.server." + name + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("ai.hadal.server." + room + "..")
                    .should()
                    .dependOnClassesThat(resideInAPackage("ai.hadal.server..").and(not(resideInAnyPackage(allowed))))
                    .check(SERVER);
        });
    }

    @Test
    void repliesKnowNoHttp() {
        noClasses()
                .that()
                .resideInAPackage("ai.hadal.server.reply..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.helidon..", "io.prometheus..", "io.opentelemetry..")
                .check(SERVER);
    }

    @Test
    void theServerStandsOnTheCoreAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "ai.hadal",
                        "ai.hadal.chat..",
                        "ai.hadal.engine..",
                        "ai.hadal.error..",
                        "ai.hadal.grammar..",
                        "ai.hadal.model..",
                        "ai.hadal.tokenizer..",
                        "ai.hadal.server..",
                        "java..",
                        "jdk.jfr..",
                        "io.helidon..",
                        "io.opentelemetry..",
                        "io.prometheus..",
                        "tools.jackson..",
                        "org.jspecify.annotations.."))
                .check(SERVER);
    }

    @Test
    void itDoesNotPrint() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(SERVER);
        noClasses().should().callMethod(System.class, "exit", int.class).check(SERVER);
    }
}
