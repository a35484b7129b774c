package dev.heal.dsl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chain text, tree, checked policy, rules, held: no step can see the steps behind it. */
class ArchitectureTest {
  private static final String ROOT = "dev.heal.dsl";

  /** A package uses only the packages before it; subpackages belong to it. */
  private static final List<String> STEPS =
      List.of(
          "text",
          "diagnostic",
          "tree",
          "parse",
          "vocabulary",
          "policy",
          "check",
          "format",
          "compile");

  private static final JavaClasses LANGUAGE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  static List<String> steps() {
    return STEPS;
  }

  @Test
  void everyClassBelongsToAStep() {
    String[] packages = STEPS.stream().map(ArchitectureTest::packageOf).toArray(String[]::new);
    check(classes().should().resideInAnyPackage(packages));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void aStepUsesOnlyTheStepsBeforeIt(String step) {
    String[] later =
        STEPS.subList(STEPS.indexOf(step) + 1, STEPS.size()).stream()
            .map(ArchitectureTest::packageOf)
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(packageOf(step))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(later));
  }

  @Test
  void thereAreNoCycles() {
    check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
  }

  @Test
  void antlrStopsAtTheParser() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(packageOf("parse"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.antlr.."));
  }

  @Test
  void theLanguageKnowsNoEngine() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "dev.heal.engine..", "dev.heal.nvml..", "org.drools..", "org.kie..", "picocli.."));
  }

  @Test
  void theSameTextGivesTheSameAnswerAlways() {
    check(
        noClasses()
            .should()
            .callMethodWhere(readsAClock())
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Random.class, java.util.UUID.class, java.util.SplittableRandom.class));
  }

  @Test
  void nothingIsPrintedLoggedOrInjected() {
    check(GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS);
    check(GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
    check(GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION);
  }

  @Test
  void concreteClassesAreFinalAndNothingStaticChanges() {
    check(
        classes()
            .that(areOurs())
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnonymousClasses()
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .should()
            .haveModifier(JavaModifier.FINAL));
    check(
        noFields()
            .that()
            .areStatic()
            .and()
            .areNotFinal()
            .should()
            .beDeclaredInClassesThat(areOurs()));
  }

  @Test
  void everyPackageSaysWhatItIsAndKnowsNoNulls() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass type : LANGUAGE.that(areOurs())) {
      if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
        unmarked.add(type.getPackageName());
      }
    }
    assertThat(unmarked).as("packages without a package-info.java with @NullMarked").isEmpty();
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(LANGUAGE);
  }

  private static String packageOf(String step) {
    return ROOT + "." + step + "..";
  }

  /** Written by us, not generated by ANTLR. */
  private static DescribedPredicate<JavaClass> areOurs() {
    return DescribedPredicate.describe("are not generated", type -> !generated(type));
  }

  private static boolean generated(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer.isAssignableTo("org.antlr.v4.runtime.Recognizer")
        && outer.getMethods().stream()
            .anyMatch(method -> method.getName().equals("getSerializedATN"));
  }

  private static DescribedPredicate<JavaAccess<?>> readsAClock() {
    Set<String> always =
        Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Thread.sleep");
    return DescribedPredicate.describe(
        "a clock is read or a thread sleeps",
        access -> {
          String owner = access.getTargetOwner().getName();
          return always.contains(owner + "." + access.getName())
              || (owner.startsWith("java.time.") && access.getName().equals("now"))
              || (owner.equals("java.time.Clock") && access.getName().startsWith("system"));
        });
  }
}
