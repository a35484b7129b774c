package dev.heal.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The design, held: which stage may use which, and what no stage may ever do. */
class ArchitectureTest {
  private static final String ROOT = "dev.heal.engine";

  /**
   * In the order of the pipeline. A stage uses only the stages before it; subpackages belong to it.
   */
  private static final List<String> STAGES =
      List.of(
          "source",
          "fact",
          "record",
          "rule",
          "decide",
          "schedule",
          "actuate",
          "verify",
          "journal",
          "loop",
          "reload",
          "cli");

  /** The one class of the loop that may read a clock, besides the command line. */
  private static final String COMPOSITION_ROOT = ROOT + ".loop.CompositionRoot";

  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages(ROOT);

  static List<String> stages() {
    return STAGES;
  }

  @Test
  void everyClassBelongsToAStage() {
    String[] packages = STAGES.stream().map(ArchitectureTest::packageOf).toArray(String[]::new);
    check(classes().should().resideInAnyPackage(packages));
  }

  @ParameterizedTest
  @MethodSource("stages")
  void aStageUsesOnlyTheStagesBeforeIt(String stage) {
    String[] later =
        STAGES.subList(STAGES.indexOf(stage) + 1, STAGES.size()).stream()
            .map(ArchitectureTest::packageOf)
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(packageOf(stage))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(later));
  }

  @Test
  void onlyTheCompositionRootReadsAClockOrSleeps() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(packageOf("cli"))
            .and(DescribedPredicate.not(compositionRoot()))
            .should()
            .callMethodWhere(readsAClock())
            .because("`now` is an argument: replay must give the same bytes"));
  }

  @Test
  void nothingIsRandom() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(
                Random.class,
                java.util.SplittableRandom.class,
                ThreadLocalRandom.class,
                UUID.class,
                java.security.SecureRandom.class)
            .orShould()
            .callMethod(Math.class, "random")
            .because("the same inputs in the same order give the same decisions"));
  }

  @Test
  void droolsIsBehindStageRule() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(packageOf("rule"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.drools..", "org.kie..", "org.mvel2.."));
  }

  @Test
  void thirdPartyDoorsStayWhereTheyBelong() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.antlr..", "org.slf4j.."));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".source.posix")
            .and(DescribedPredicate.not(demoServer()))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna.."));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(packageOf("cli"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli.."));
  }

  /** It is a process of its own, which is to crash. */
  private static DescribedPredicate<JavaClass> demoServer() {
    return DescribedPredicate.describe(
        "the server of the demo",
        type -> type.getName().startsWith(ROOT + ".cli.demo.InferenceServer"));
  }

  @Test
  void outputGoesThroughTheConsole() {
    check(
        noClasses()
            .that(DescribedPredicate.not(demoServer()))
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS));
    check(GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + ".cli.Main")
            .should()
            .callMethodWhere(
                calls(
                    "System.exit or Runtime.halt",
                    Set.of(
                        "java.lang.System.exit",
                        "java.lang.Runtime.exit",
                        "java.lang.Runtime.halt"))));
  }

  @Test
  void nothingIsInjectedIntoFieldsAndNothingStaticChanges() {
    check(GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION);
    check(
        noFields()
            .that()
            .areStatic()
            .and()
            .areNotFinal()
            .should()
            .beDeclaredInClassesThat()
            .resideInAPackage(ROOT + "..")
            .because("state of a process cannot be thrown away and rebuilt"));
  }

  @Test
  void concreteClassesAreFinal() {
    check(
        classes()
            .that()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .and()
            .areNotAnonymousClasses()
            .should()
            .haveModifier(JavaModifier.FINAL));
  }

  @Test
  void everyPackageSaysWhatItIsAndKnowsNoNulls() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass type : ENGINE) {
      if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
        unmarked.add(type.getPackageName());
      }
    }
    assertThat(unmarked).as("packages without a package-info.java with @NullMarked").isEmpty();
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(ENGINE);
  }

  private static String packageOf(String stage) {
    return ROOT + "." + stage + "..";
  }

  private static DescribedPredicate<JavaClass> compositionRoot() {
    return DescribedPredicate.describe(
        "the composition root",
        type ->
            type.getName().equals(COMPOSITION_ROOT)
                || type.getName().startsWith(COMPOSITION_ROOT + "$"));
  }

  private static DescribedPredicate<JavaAccess<?>> readsAClock() {
    Set<String> always =
        Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Thread.sleep",
            "java.util.concurrent.TimeUnit.sleep",
            "java.lang.Thread.onSpinWait");
    return DescribedPredicate.describe(
        "a clock is read or a thread sleeps",
        access -> {
          String owner = access.getTargetOwner().getName();
          return always.contains(owner + "." + access.getName())
              || (owner.startsWith("java.time.") && access.getName().equals("now"))
              || (owner.equals("java.time.Clock") && access.getName().startsWith("system"))
              || (owner.equals("java.time.InstantSource") && access.getName().equals("system"));
        });
  }

  private static DescribedPredicate<JavaAccess<?>> calls(String name, Set<String> methods) {
    return DescribedPredicate.describe(
        name,
        access -> methods.contains(access.getTargetOwner().getName() + "." + access.getName()));
  }
}
