package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a copy of the repository's layout, with a JDK that prints what it is told. */
@EnabledOnOs(OS.LINUX)
class LauncherTest {
  private record Outcome(int exit, List<String> out, String err) {}

  @TempDir private Path folder;
  private Path repository;
  private Path launcher;

  @BeforeEach
  void layOut() throws IOException {
    repository = Files.createDirectories(folder.resolve("a repository"));
    launcher = Files.copy(Path.of("..", "heal"), repository.resolve("heal"));
    Files.createDirectories(repository.resolve("engine/target/dist/lib"));
    Files.createFile(repository.resolve("engine/target/dist/heal.jar"));
    Files.createFile(repository.resolve("engine/target/dist/lib/a.jar"));
  }

  @Test
  void argumentsArriveAsTheyWereWritten() throws Exception {
    Outcome outcome = heal(jdk("17.0.15"), "check", "a b", "", "*", "$HOME", "--format=json");

    assertThat(outcome.exit()).isEqualTo(7); // the exit code of the machine is ours
    assertThat(afterMain(outcome))
        .containsExactly("check", "a b", "", "*", "$HOME", "--format=json");
  }

  @Test
  void shortCommandsStartWithTheQuickCompilerAndLongOnesGetAll() throws Exception {
    assertThat(heal(jdk("17"), "check").out()).contains("-XX:TieredStopAtLevel=1");
    assertThat(heal(jdk("17"), "simulate").out()).doesNotContain("-XX:TieredStopAtLevel=1");
    assertThat(heal(jdk("17"), "run").out())
        .as("a daemon is mostly idle")
        .contains("-XX:TieredStopAtLevel=1", "-Xms64m");
  }

  @Test
  void onlyLongCommandsLoadTheRuleEngine() throws Exception {
    Path lib = repository.resolve("engine/target/dist/lib");
    for (String name : List.of("re2j-1.8.jar", "drools-core-10.2.0.jar", "antlr4-runtime-4.jar")) {
      Files.createFile(lib.resolve(name));
    }
    String jars =
        lib.resolveSibling("heal.jar") + ":" + lib + "/a.jar:" + lib + "/antlr4-runtime-4.jar:";
    assertThat(heal(jdk("17"), "check").out()).contains(jars + lib + "/re2j-1.8.jar");
    assertThat(heal(jdk("17"), "simulate").out())
        .contains(jars + lib + "/drools-core-10.2.0.jar:" + lib + "/re2j-1.8.jar");
  }

  @Test
  void optionsForTheMachineStandBeforeTheClassPath() throws Exception {
    Outcome outcome =
        heal(
            Map.of("HEAL_JAVA_OPTS", "-Xmx99m -Dx=y", "JAVA_HOME", jdk("17").toString()), launcher);
    assertThat(outcome.out()).containsSubsequence("-Xmx99m", "-Dx=y", "-cp");
  }

  @Test
  void itMayBeCalledThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), launcher);
    Outcome outcome = heal(Map.of("JAVA_HOME", jdk("17").toString()), link, "check");
    String dist = repository.toRealPath() + "/engine/target/dist/";
    assertThat(outcome.out()).contains(dist + "heal.jar:" + dist + "lib/a.jar");
  }

  @Test
  void optionsThatOnlyNewMachinesKnowAreKeptFromOldOnes() throws Exception {
    String unsafe = "--sun-misc-unsafe-memory-access=allow";
    assertThat(heal(jdk("17.0.15"), "check").out()).doesNotContain(unsafe);
    assertThat(heal(jdk("25"), "check").out()).contains(unsafe);
  }

  @Test
  void aJavaHomeThatIsTooOldIsPassedOver() throws Exception {
    Path old = jdk("11.0.2");
    Outcome outcome = heal(old, "check");
    assertThat(outcome.out()).doesNotContain("this is Java 11.0.2");
  }

  @Test
  void anArchiveThatCannotBeMadeIsTriedOnce() throws Exception {
    Path jdk = jdk("17");
    heal(jdk, "check");
    heal(jdk, "check");
    assertThat(Files.readAllLines(folder.resolve("calls")))
        .containsExactly("warm-up", "check", "check");
  }

  @Test
  void itBuildsOnFirstUseAndWhenASourceIsNewer() throws Exception {
    Path source = Files.createDirectories(repository.resolve("dsl-grammar/src/main/java"));
    Files.createDirectories(repository.resolve("engine/src/main"));

    Outcome first = heal(building(maven("0")), launcher, "check");
    assertThat(first.exit()).isEqualTo(7);
    assertThat(first.err()).isEqualTo("heal: building (about a minute the first time) …\n");
    assertThat(Files.readAllLines(folder.resolve("calls")))
        .containsExactly(
            "mvn -q -B -ntp -Dquick -DskipTests -o -pl engine -am package",
            "in " + repository.toRealPath() + " with " + jdk("17"),
            "warm-up",
            "check");

    assertThat(heal(building(maven("0")), launcher, "check").err()).isEmpty();
    Path changed = Files.createFile(source.resolve("New.java"));
    Files.setLastModifiedTime(changed, FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(heal(building(maven("0")), launcher, "check").err()).startsWith("heal: building");
    try (Stream<Path> left = Files.list(repository.resolve(".heal-cache"))) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".log") || name.startsWith("started"));
    }
  }

  @Test
  void aBuildThatFailsShowsWhyAndStartsNothing() throws Exception {
    Outcome outcome = heal(building(maven("1")), launcher, "check");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains("[ERROR] maven speaks").endsWith("the reason is above\n");
    assertThat(repository.resolve("engine/target/dist/built")).doesNotExist();
  }

  @Test
  void aBuildThatIsInterruptedEndsAsAnInterruptedProgram() throws Exception {
    Outcome outcome = heal(building(maven("130")), launcher, "check");
    assertThat(outcome.exit()).isEqualTo(130);
    assertThat(outcome.err()).endsWith("…\nheal: the build was interrupted\n");
    assertThat(repository.resolve("engine/target/dist/built")).doesNotExist();
  }

  @Test
  void whatIsClosedIsNotTakenByAFileThatTheMachineOpens() throws Exception {
    Path open = executable(folder.resolve("open"), "#!/bin/sh\nexec \"$@\" <&- 2>&-\n");
    Path java = jdk("17").resolve("bin/java");
    executable(java, "#!/bin/sh\nreadlink /proc/$$/fd/0 /proc/$$/fd/2\n");
    Outcome outcome =
        heal(Map.of("JAVA_HOME", jdk("17").toString()), open, launcher.toString(), "facts");
    assertThat(outcome.out()).containsExactly("/dev/null", "/dev/null");
  }

  @Test
  void aFolderThatIsGoneIsSaid() throws Exception {
    Path gone =
        executable(
            folder.resolve("gone"),
            "#!/bin/sh\nmkdir \"$0.d\" && cd \"$0.d\" && rmdir \"$0.d\" && exec \"$@\"\n");
    Outcome outcome =
        heal(Map.of("JAVA_HOME", jdk("17").toString()), gone, launcher.toString(), "check");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err())
        .endsWith(
            "heal: the folder in which this runs does not exist any more; change to another\n");
  }

  @Test
  void withoutMavenOrACompilerItSaysWhatToInstall() throws Exception {
    Map<String, String> environment = building(maven("0"));
    Files.delete(folder.resolve("tools/mvn"));
    Outcome outcome = heal(environment, launcher, "check");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("heal: Maven is needed to build. Install it:\n");

    Files.delete(jdk("17").resolve("bin/javac"));
    Outcome second = heal(environment, launcher, "check");
    assertThat(second.exit()).isEqualTo(1);
    assertThat(second.err())
        .startsWith("heal: " + jdk("17") + " has no compiler.\n")
        .contains("a JDK of version 17 or newer is needed", "openjdk-17-jdk-headless");
  }

  @Test
  void aRepositoryThatMayNotBeWrittenIsNotBuilt() throws Exception {
    Files.createFile(repository.resolve(".heal-cache")); // a file: no folder can be made there
    Outcome outcome = heal(building(maven("0")), launcher, "check");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualTo("heal: cannot build: " + repository + " may not be written by this user\n");
    assertThat(folder.resolve("calls")).doesNotExist();
  }

  /**
   * An environment in which a build is due, with nothing on the path but what the launcher uses.
   */
  private Map<String, String> building(Path tools) throws IOException {
    return Map.of(
        "HEAL_NO_BUILD",
        "",
        "HEAL_MVN_OPTS",
        "-o",
        "JAVA_HOME",
        jdk("17").toString(),
        "PATH",
        tools.toString());
  }

  /** A folder with a Maven that writes down how it was called, and ends with {@code exit}. */
  private Path maven(String exit) throws IOException {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("cat", "rm", "mv", "mkdir", "find", "readlink", "flock", "stty")) {
      executable(tools.resolve(tool), "#!/bin/sh\nexec /usr/bin/" + tool + " \"$@\"\n");
    }
    executable(
        tools.resolve("mvn"),
        """
        #!/bin/sh
        echo "mvn $*" >>"$CALLS"
        echo "in $PWD with $JAVA_HOME" >>"$CALLS"
        echo '[ERROR] maven speaks'
        exit EXIT
        """
            .replace("EXIT", exit));
    executable(jdk("17").resolve("bin/javac"), "#!/bin/sh\n");
    return tools;
  }

  private static Path executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Outcome heal(Path javaHome, String... arguments) throws Exception {
    return heal(Map.of("JAVA_HOME", javaHome.toString()), launcher, arguments);
  }

  private Outcome heal(Map<String, String> environment, Path program, String... arguments)
      throws Exception {
    List<String> line = new ArrayList<>(List.of("bash", program.toString()));
    line.addAll(List.of(arguments));
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(line).redirectError(err.toFile());
    builder.environment().put("HEAL_NO_BUILD", "1");
    builder.environment().putAll(environment);
    builder.environment().put("CALLS", folder.resolve("calls").toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), out.lines().toList(), Files.readString(err));
  }

  private static List<String> afterMain(Outcome outcome) {
    int main = outcome.out().indexOf("dev.heal.engine.cli.Main");
    return outcome.out().subList(main + 1, outcome.out().size());
  }

  private Path jdk(String version) throws IOException {
    Path home = folder.resolve("jdk " + version);
    if (Files.exists(home)) {
      return home;
    }
    Path bin = Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    Path java =
        Files.writeString(
            bin.resolve("java"),
            """
            #!/bin/sh
            case "$*" in
              *-Dheal.warmup=*) echo warm-up >>"$CALLS"; exit 1 ;;
            esac
            echo check >>"$CALLS"
            echo "this is Java VERSION"
            printf '%s\\n' "$@"
            exit 7
            """
                .replace("VERSION", version));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    return home;
  }
}
