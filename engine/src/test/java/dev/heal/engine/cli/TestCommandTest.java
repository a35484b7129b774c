package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** {@code heal test} on files in a folder, as an operator meets it. */
class TestCommandTest {
  private static final String POLICIES =
      """
      heal 1
      fault thermal on gpu "Too hot" {
        when nvml.temperature >= 88C for 60s
        clear when nvml.temperature < 80C for 5m
        missing freeze
      }
      policy cool {
        on thermal, within 2m, priority 50, attempts 4 over 6h
        try { throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 80C for 2m, timeout 10m }
        give up { page oncall }
      }
      """;
  private static final String HEAT =
      """
      test "heat" {
        given  node n1 { gpu 0 }
        from   0s..70s every 5s nvml.temperature 91C gpu 0
        from   75s..600s every 5s nvml.temperature 70C gpu 0
        %s
      }
      """;

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void policies() throws IOException {
    write("thermal.heal", POLICIES + HEAT.formatted("expect throttle gpu 0 by 60s"));
  }

  @Test
  void whatPassesIsListedWithWhatNoTestReaches() {
    assertThat(heal(file("thermal.heal"))).isEqualTo(ExitCode.FINE);
    assertThat(out())
        .isEqualTo(
            """
            FOLDER/thermal.heal
            ok    heat
            no test reaches
              FOLDER/thermal.heal:7  policy `cool`, `give up`
            1 passed, 0 failed, coverage 75% (3 of 4 policies, rungs and ends)
            """);
    assertThat(err()).isEmpty();
  }

  @Test
  void aFailureShowsThePlaceWhatHappenedInsteadAndTheSteps() throws IOException {
    write("thermal.heal", POLICIES + HEAT.formatted("expect throttle gpu 0 by 30s"));

    assertThat(heal(file("thermal.heal"))).isEqualTo(ExitCode.TESTS_FAILED);
    assertThat(out())
        .startsWith(
            """
            FOLDER/thermal.heal
            FAIL  heat
                  --> FOLDER/thermal.heal:16:3
                   16 |   expect throttle gpu 0 by 30s
                      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  expected  `throttle gpu 0 by 30s`
                  happened  it was begun only at +1m on gpu:n1/0, 30s too late
                  steps
                    +1m           FAULT RAISED    thermal on gpu:n1/0: nvml.temperature >= 88C for 60s
            """)
        .endsWith("0 passed, 1 failed, coverage 75% (3 of 4 policies, rungs and ends)\n");
  }

  @Test
  void tooLittleCoverageIsAFailureOfItsOwn() {
    assertThat(heal("--min-coverage", "75%", file("thermal.heal"))).isEqualTo(ExitCode.FINE);
    assertThat(heal("--min-coverage", "76", file("thermal.heal"))).isEqualTo(ExitCode.TESTS_FAILED);
    assertThat(err()).isEqualTo("heal: the tests reach 75%, and `--min-coverage` asks for 76%\n");
  }

  @Test
  void aTestSeesItsOwnFileAndItsImportsAndNotTheFilesBeside() throws IOException {
    write(
        "beside.heal",
        """
        heal 1
        fault hot on gpu "Hot" { when nvml.temperature >= 60C for 10s, missing freeze }
        test "nothing here throttles" {
          given  node n1 { gpu 0 }
          from   0s..600s every 5s nvml.temperature 91C gpu 0
          never  throttle gpu
          expect fault hot gpu 0
        }
        """);
    write(
        "importing.heal",
        """
        heal 1
        import "thermal" as t
        test "the import throttles" {
          given  node n1 { gpu 0 }
          from   0s..600s every 5s nvml.temperature 91C gpu 0
          expect throttle gpu 0
        }
        """);
    assertThat(heal(file("beside.heal"), file("importing.heal"))).isEqualTo(ExitCode.FINE);
    assertThat(out())
        .contains("ok    nothing here throttles\n", "ok    the import throttles\n")
        .doesNotContain("ok    heat");
  }

  @Test
  void aFileThatUsesNamesOfTheFilesBesideItIsTestedWithThem() throws IOException {
    write(
        "a.heal",
        """
        heal 1
        test "with the names of thermal.heal" {
          given  node n1 { gpu 0 }
          from   0s..600s every 5s nvml.temperature 91C gpu 0
          expect fault thermal gpu 0
          expect throttle gpu 0
        }
        """);
    assertThat(heal(folder.toString())).as(out()).isEqualTo(ExitCode.FINE);
    assertThat(out()).contains("2 passed, 0 failed");
  }

  @Test
  void onlySomeTestsLeaveTheCoverageOut() {
    assertThat(heal("--only", "HEA", file("thermal.heal"))).isEqualTo(ExitCode.FINE);
    assertThat(out()).endsWith("1 passed, 0 failed\n");
    assertThat(heal("--only", "cold", file("thermal.heal"))).isEqualTo(ExitCode.USAGE);
    assertThat(err()).startsWith("heal: no test has `cold` in its title\n");
    assertThat(heal("--only", "heat", "--min-coverage", "5%", file("thermal.heal")))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void whatCannotBeRunIsNoSuccess() throws IOException {
    assertThat(heal(file("absent.heal"))).isEqualTo(ExitCode.POLICY_ERRORS);
    assertThat(err()).contains("there is no file");
    assertThat(heal("--min-coverage", "lots", file("thermal.heal"))).isEqualTo(ExitCode.USAGE);
    write("untested.heal", POLICIES);
    err.reset();
    assertThat(heal(file("untested.heal"))).isEqualTo(ExitCode.TESTS_FAILED);
    assertThat(err()).startsWith("heal: there is no test in these files\n");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(heal(empty.toString())).isEqualTo(ExitCode.USAGE);
    write("wrong.heal", POLICIES.replace("88C", "88W") + HEAT.formatted("never page"));
    assertThat(heal("--junit", file("r.xml"), file("wrong.heal")))
        .isEqualTo(ExitCode.POLICY_ERRORS);
    assertThat(folder.resolve("r.xml")).doesNotExist();
  }

  @Test
  void aReportThatCannotBeWrittenIsSaidBeforeAnythingRuns() {
    assertThat(heal("--junit", file("no/such/r.xml"), file("thermal.heal")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err()).startsWith("heal: the folder of `FOLDER/no/such/r.xml` does not exist\n");
    assertThat(heal("--junit", folder.toString(), file("thermal.heal"))).isEqualTo(ExitCode.USAGE);
    assertThat(out()).isEmpty();
  }

  @Test
  void theReportKeepsLinksAndModes() throws IOException {
    Path old = Files.writeString(folder.resolve("old.xml"), "old");
    Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-rw----"));
    Path link = Files.createSymbolicLink(folder.resolve("link.xml"), old.getFileName());
    assertThat(heal("--junit", link.toString(), file("thermal.heal"))).isEqualTo(ExitCode.FINE);
    assertThat(link).isSymbolicLink();
    assertThat(old).content().startsWith("<?xml");
    assertThat(Files.getPosixFilePermissions(old))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));

    Path fresh = folder.resolve("n".repeat(251) + ".xml"); // no longer name is allowed
    assertThat(heal("--junit", fresh.toString(), file("thermal.heal"))).isEqualTo(ExitCode.FINE);
    assertThat(Files.getPosixFilePermissions(fresh))
        .isEqualTo(Files.getPosixFilePermissions(folder.resolve("thermal.heal")));
  }

  /** Such as /dev/stdout; to replace one would break the machine. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aPipeOrDeviceIsWrittenToAndNotReplaced() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    try (FileChannel reader =
        FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      assertThat(heal("--junit", pipe.toString(), file("thermal.heal"))).isEqualTo(ExitCode.FINE);
      assertThat(Files.isRegularFile(pipe)).isFalse();
      ByteBuffer start = ByteBuffer.allocate(5);
      reader.read(start);
      assertThat(new String(start.array(), StandardCharsets.UTF_8)).isEqualTo("<?xml");
    }
    assertThat(JunitReport.isWrittenTo(Path.of("/dev/stdout"))).isTrue();
  }

  @Test
  void aReportThatCannotBeWrittenBehindTheTestsIsNamed() {
    Path file = folder.resolve("gone/r.xml");
    assertThatThrownBy(() -> new JunitReport().write(file))
        .hasMessageStartingWith("the results cannot be written to `" + file + "`: ");
  }

  @Test
  void theReportIsXmlWhateverTheTitlesHold() throws Exception {
    String title = "<&\u0001\u001b[31m' ]]> \ud83d\ude00 ";
    write(
        "thermal.heal",
        POLICIES
            + HEAT.formatted("expect throttle gpu 0 by 30s").replace("\"heat\"", '"' + title + '"')
            + HEAT.formatted("expect throttle gpu 0").replace("heat", "fine"));

    assertThat(heal("--junit", file("r.xml"), file("thermal.heal")))
        .as(err())
        .isEqualTo(ExitCode.TESTS_FAILED);
    String xml = Files.readString(folder.resolve("r.xml"));
    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .newSchema(TestCommandTest.class.getResource("junit.xsd"))
        .newValidator()
        .validate(new StreamSource(new StringReader(xml)));
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml)));
    Element failed = (Element) document.getElementsByTagName("testcase").item(0);
    assertThat(failed.getAttribute("name")).isEqualTo("<&\\u{1}\\u{1b}[31m' ]]> \ud83d\ude00 ");
    assertThat(failed.getAttribute("classname")).endsWith("thermal").doesNotContain("/");
    assertThat(failed.getAttribute("time")).isEqualTo("600.000");
    Element failure = (Element) failed.getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message"))
        .isEqualTo(
            "expected `throttle gpu 0 by 30s`: it was begun only at +1m on gpu:n1/0, 30s too"
                + " late");
    assertThat(failure.getTextContent()).contains("happened  it was begun only at +1m");
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("r.xml", "thermal.heal");
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private ExitCode heal(String... arguments) {
    out.reset();
    err.reset();
    List<String> words = new ArrayList<>(List.of("test"));
    words.addAll(List.of(arguments));
    Console console = Console.of(new ByteArrayInputStream(new byte[0]), out, err);
    return new HealCommand(Commands.all(), console, Map.of()).run(words);
  }

  private String out() {
    return text(out);
  }

  private String err() {
    return text(err);
  }

  private String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8).replace(folder.toString(), "FOLDER");
  }
}
