package io.firn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows of the design: they point down only. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.firn");

  @Test
  void simdKnowsOnlyTheJdk() {
    noClasses()
        .that()
        .resideInAPackage("io.firn.simd..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.firn", "io.firn.hnsw..", "io.firn.quantization..", "io.firn.store..")
        .check(CLASSES);
  }

  @Test
  void leavesDoNotKnowEachOther() {
    leafKnowsOnly("io.firn.hnsw..", "io.firn.hnsw..");
    leafKnowsOnly("io.firn.store..", "io.firn.store..", "jnr..");
    leafKnowsOnly(
        "io.firn.quantization..",
        "io.firn.quantization..",
        "io.firn.simd..",
        "jdk.incubator.vector..");
  }

  private static void leafKnowsOnly(String leaf, String... known) {
    String[] allowed = java.util.Arrays.copyOf(known, known.length + 3);
    allowed[known.length] = "java..";
    allowed[known.length + 1] = "org..";
    allowed[known.length + 2] = "";
    classes()
        .that()
        .resideInAPackage(leaf)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .check(CLASSES);
  }

  @Test
  void onlyTheStoreTouchesLmdb() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.firn.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.lmdbjava..", "jnr..")
        .check(CLASSES);
  }

  @Test
  void onlyTheStoreOpensFiles() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.firn", "io.firn.write", "io.firn.search", "io.firn.index", "io.firn.recovery")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.file.Files")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.channels.FileChannel")
        .check(CLASSES);
  }

  @Test
  void insideTheStoreOnlyItsLowestClassesDo() {
    noClasses()
        .that()
        .resideInAPackage("io.firn.store..")
        .and()
        .haveSimpleNameNotStartingWith("Lmdb")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.lmdbjava..", "jnr..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.firn.store..")
        .and()
        .doNotHaveSimpleName("SystemIo")
        .and()
        .doNotHaveSimpleName("SystemFile")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.channels.FileChannel")
        .check(CLASSES);
  }

  @Test
  void nobodyUsesUnsafe() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("sun.misc..", "jdk.internal..")
        .check(CLASSES);
  }

  @Test
  void insidePackagesFormNoCycle() {
    slices().matching("io.firn.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void insideDoesNotKnowTheFacades() {
    noClasses()
        .that()
        .resideInAnyPackage("io.firn.write", "io.firn.search", "io.firn.index", "io.firn.recovery")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(
            Firn.class, Database.class, Collection.class, Search.class, Transaction.class)
        .check(CLASSES);
  }
}
