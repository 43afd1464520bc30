package ai.hadal.train;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.ClassesShouldConjunction;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The rooms of the trainer and the arrows between them.
class ArchitectureTest {

    private static final JavaClasses TRAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("ai.hadal.train");

    private static final String[] LIBRARIES = {
        "java..", "tools.jackson..", "com.fasterxml.jackson.annotation..", "org.jspecify.annotations.."
    };

    /// What each room of the trainer may use besides itself and libraries.
    private static final Map<String, String[]> ARROWS = new TreeMap<>(Map.of(
            "gradient",
            new String[] {"ai.hadal.backend", "ai.hadal.backend.host", "jdk.incubator.vector"},
            "model",
            new String[] {
                "ai.hadal.backend..",
                "ai.hadal.checkpoint",
                "ai.hadal.error",
                "ai.hadal.model",
                "ai.hadal.tensor",
                "ai.hadal.train.data",
                "ai.hadal.train.gradient"
            },
            "optimizer",
            new String[] {"ai.hadal.train.gradient", "ai.hadal.train.model"},
            "data",
            new String[] {"ai.hadal.chat", "ai.hadal.error", "ai.hadal.tokenizer", "ai.hadal.train.nano"},
            "nano",
            new String[] {
                "ai.hadal", "ai.hadal.chat", "ai.hadal.engine", "ai.hadal.error", "ai.hadal.model", "ai.hadal.tokenizer"
            },
            "quantize",
            new String[] {
                "ai.hadal.checkpoint",
                "ai.hadal.engine",
                "ai.hadal.error",
                "ai.hadal.model",
                "ai.hadal.tensor",
                "ai.hadal.tokenizer",
                "ai.hadal.train.data"
            },
            "synth",
            new String[] {
                "ai.hadal.checkpoint",
                "ai.hadal.error",
                "ai.hadal.model",
                "ai.hadal.tensor",
                "ai.hadal.tokenizer",
                "ai.hadal.train.quantize"
            },
            "tokenizer",
            new String[] {"ai.hadal.chat", "ai.hadal.checkpoint", "ai.hadal.error", "ai.hadal.tokenizer"}));

    @Test
    void everyRoomUsesItsOwnNeighboursOnly() {
        ARROWS.forEach((room, neighbours) -> {
            String[] allowed = Stream.of(
                            Stream.of("ai.hadal.train." + room), Stream.of(neighbours), Stream.of(LIBRARIES))
                    .flatMap(part -> part)
                    .toArray(String[]::new);
            onlyUse(room, allowed).check(TRAIN);
        });
    }

    private static ClassesShouldConjunction onlyUse(String room, String... allowed) {
        return classes()
                .that()
                .resideInAPackage("ai.hadal.train." + room)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed));
    }

    @Test
    void everyClassIsInARoomOrAtTheDoor() {
        classes()
                .should()
                .resideInAnyPackage(Stream.concat(
                                Stream.of("ai.hadal.train"),
                                ARROWS.keySet().stream().map(room -> "ai.hadal.train." + room))
                        .toArray(String[]::new))
                .check(TRAIN);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("ai.hadal.train.(**)").should().beFreeOfCycles().check(TRAIN);
        noClasses()
                .that(not(resideInAPackage("ai.hadal.train")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.hadal.train")
                .check(TRAIN);
    }

    @Test
    void theTrainerDependsOnTheCoreOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(Stream.concat(
                                Stream.of(LIBRARIES),
                                Stream.of(
                                        "ai.hadal",
                                        "ai.hadal.backend..",
                                        "ai.hadal.chat..",
                                        "ai.hadal.checkpoint..",
                                        "ai.hadal.engine..",
                                        "ai.hadal.error..",
                                        "ai.hadal.model..",
                                        "ai.hadal.tensor..",
                                        "ai.hadal.tokenizer..",
                                        "ai.hadal.train..",
                                        "jdk.incubator.vector.."))
                        .toArray(String[]::new)))
                .check(TRAIN);
    }

    @Test
    void theVectorModuleStaysWithTheGradients() {
        noClasses()
                .that(not(resideInAPackage("ai.hadal.train.gradient")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(TRAIN);
    }

    @Test
    void itUsesNoReflectionAndNoChanceBeyondItsSeeds() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .orShould()
                .callMethod(Math.class, "random")
                .check(TRAIN);
    }

    @Test
    void itDoesNotPrint() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(TRAIN);
        noClasses().should().callMethod(System.class, "exit", int.class).check(TRAIN);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(TRAIN.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allMatch(ArchitectureTest::isNullMarked, "@NullMarked in package-info.java");
    }

    private static boolean isNullMarked(JavaPackage room) {
        return room.tryGetPackageInfo()
                .filter(info -> info.isAnnotatedWith(NullMarked.class))
                .isPresent();
    }
}
