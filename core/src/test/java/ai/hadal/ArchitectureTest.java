package ai.hadal;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The rooms of the core and the arrows between them.
class ArchitectureTest {

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("ai.hadal");

    /// Top to bottom; a room uses only rooms below it, and `chat` and `engine` do not know each other.
    private static final List<String> ROOMS =
            List.of("chat", "engine", "model", "backend", "grammar", "tokenizer", "checkpoint", "tensor", "error");

    /// The root package, which joins rooms for callers; no room knows it.
    private static final String DOOR = "door";

    @Test
    void arrowsRunDownwards() {
        var layers = layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
        for (String room : ROOMS) {
            layers = layers.layer(room).definedBy("ai.hadal." + room + "..");
        }
        layers = layers.layer(DOOR).definedBy("ai.hadal").whereLayer(DOOR).mayNotBeAccessedByAnyLayer();
        for (String room : ROOMS) {
            var above = Stream.concat(
                            Stream.of(DOOR),
                            ROOMS.subList(0, ROOMS.indexOf(room)).stream()
                                    .filter(other -> !(room.equals("engine") && other.equals("chat"))))
                    .toArray(String[]::new);
            layers = layers.whereLayer(room).mayOnlyBeAccessedByLayers(above);
        }
        layers.check(CORE);
    }

    /// What a text may go on with is a matter of tokens, whatever model writes it.
    @Test
    void grammarsKnowTokensOnly() {
        noClasses()
                .that()
                .resideInAPackage("ai.hadal.grammar..")
                .should()
                .dependOnClassesThat(resideInAPackage("ai.hadal..")
                        .and(not(resideInAnyPackage("ai.hadal.grammar..", "ai.hadal.tokenizer..", "ai.hadal.error.."))))
                .check(CORE);
        noClasses()
                .that(resideInAnyPackage("ai.hadal.model..", "ai.hadal.backend.."))
                .should()
                .dependOnClassesThat(resideInAPackage("ai.hadal.grammar.."))
                .check(CORE);
    }

    @Test
    void everyClassIsInARoomOrAtTheDoor() {
        classes()
                .should()
                .resideInAnyPackage(
                        Stream.concat(Stream.of("ai.hadal"), ROOMS.stream().map(room -> "ai.hadal." + room + ".."))
                                .toArray(String[]::new))
                .check(CORE);
    }

    /// `Backends` picks an implementation and so knows all of them; nothing else looks down and up again.
    @Test
    void packagesHaveNoCycles() {
        slices().matching("ai.hadal.(**)")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(name("ai.hadal.backend.Backends"), alwaysTrue())
                .check(CORE);
    }

    @Test
    void coreDependsOnJacksonAndTheJdkOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "ai.hadal..",
                        "java..",
                        "jdk.incubator.vector..",
                        "tools.jackson..",
                        "com.fasterxml.jackson.annotation..",
                        "org.jspecify.annotations.."))
                .check(CORE);
    }

    @Test
    void theVectorModuleStaysInTheCpuBackend() {
        noClasses()
                .that(not(resideInAPackage("ai.hadal.backend.cpu..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(CORE);
    }

    /// Mapped memory is everybody's; calling native code is a backend's affair.
    @Test
    void nativeCallsStayInBackends() {
        noClasses()
                .that(not(resideInAPackage("ai.hadal.backend..")))
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Linker.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(SymbolLookup.class)
                .check(CORE);
    }

    @Test
    void coreUsesNoReflection() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect..")
                .check(CORE);
    }

    @Test
    void aLibraryDoesNotPrint() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CORE);
        noClasses().should().callMethod(System.class, "exit", int.class).check(CORE);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(CORE.stream().map(JavaClass::getPackage).distinct())
                .isNotEmpty()
                .allMatch(ArchitectureTest::isNullMarked, "@NullMarked in package-info.java");
    }

    @Test
    void thereIsNoModuleDescriptor() {
        assertThat(getClass().getModule().isNamed()).isFalse();
        assertThat(JavaPackage.class.getClassLoader().getResource("ai/hadal/module-info.class"))
                .isNull();
    }

    private static boolean isNullMarked(JavaPackage room) {
        return room.tryGetPackageInfo()
                .filter(info -> info.isAnnotatedWith(NullMarked.class))
                .isPresent();
    }
}
