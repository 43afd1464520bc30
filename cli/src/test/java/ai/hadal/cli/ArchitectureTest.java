package ai.hadal.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The command line is a thin caller: it stands on the core, the core's JSON and on terminal libraries.
class ArchitectureTest {

    @Test
    void theCommandLineUsesTheCoreAndTerminalLibrariesOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "ai.hadal..",
                        "java..",
                        "com.sun.management..",
                        "picocli..",
                        "org.jline..",
                        "tools.jackson..",
                        "org.jspecify.annotations..")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("ai.hadal.cli"));
    }
}
