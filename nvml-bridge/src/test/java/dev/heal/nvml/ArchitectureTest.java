package dev.heal.nvml;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bridge, held: layers from the C interface up, and nothing of policies in it. */
class ArchitectureTest {
  private static final String ROOT = "dev.heal.nvml";

  /** A layer uses only the layers before it. */
  private static final List<String> LAYERS =
      List.of("answer", "binding", "session", "metric", "event", "control");

  private static final JavaClasses BRIDGE =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages(ROOT);

  private static void check(ArchRule rule) {
    rule.check(BRIDGE);
  }

  @Test
  void aLayerUsesOnlyTheLayersBeforeIt() {
    for (int i = 0; i < LAYERS.size() - 1; i++) {
      String[] later =
          LAYERS.subList(i + 1, LAYERS.size()).stream()
              .map(layer -> ROOT + "." + layer + "..")
              .toArray(String[]::new);
      check(
          noClasses()
              .that()
              .resideInAPackage(ROOT + "." + LAYERS.get(i) + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(later));
    }
    check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
  }

  @Test
  void onlyTheBindingHandsMemoryToNativeCode() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".binding..", ROOT + ".session..", ROOT + ".event..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna.."));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".binding..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("com.sun.jna.Function"));
  }

  @Test
  void itKnowsNothingOfPolicies() {
    check(
        classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(ROOT + "..", "java..", "com.sun.jna..", "org.jspecify.."));
  }
}
