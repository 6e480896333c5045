package io.firn.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the command line may use. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.firn.cli");

  @Test
  void usesOfTheEngineOnlyItsPublicPackage() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.firn..")
                .and(
                    com.tngtech.archunit.base.DescribedPredicate.not(
                        resideInAnyPackage("io.firn", "io.firn.cli.."))))
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.firn.cli.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyTheTextPackageKnowsTheModel() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.firn.cli.text..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.langchain4j..", "ai.onnxruntime..", "ai.djl..")
        .check(CLASSES);
  }
}
