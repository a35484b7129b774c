package dev.heal.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Contents;
import dev.heal.engine.reload.store.Generation;
import dev.heal.engine.reload.store.GenerationStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands around bundles, as an operator calls them. */
class BundleCommandsTest {
  private static final String POLICY =
      """
      heal 1
      node n1 { gpu 0 }
      pager oncall { webhook "https://example.org/page" }
      fault hot on gpu "Hot" { when nvml.temperature >= 88C for 60s, clear when nvml.temperature < 80C for 1m, missing freeze }
      policy cool {
        on hot, within 5m, priority 50, attempts 4 over 6h, mode observe
        try { throttle gpu { power 450W }, takes 1s, confirm nvml.temperature < 80C for 2m, timeout 10m }
        give up { page oncall }
      }
      """;

  private record Result(int code, String out, String err) {}

  @TempDir private Path folder;
  private Path policies;

  @BeforeEach
  void policies() throws IOException {
    policies = Files.createDirectory(folder.resolve("policies"));
    write("policies/site.heal", POLICY);
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(path(name).getParent());
    Files.writeString(path(name), text);
  }

  private void edit(String part, String instead) throws IOException {
    String text = Files.readString(policies.resolve("site.heal"));
    assertThat(text).contains(part);
    Files.writeString(policies.resolve("site.heal"), text.replace(part, instead));
  }

  /** Words that begin with @ are paths in the folder of the test. */
  private Result heal(String line) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = Console.of(new ByteArrayInputStream(new byte[0]), out, err);
    List<String> words =
        List.of(line.split(" ")).stream()
            .map(word -> word.startsWith("@") ? path(word.substring(1)).toString() : word)
            .toList();
    ExitCode code = new HealCommand(Commands.all(), console, Map.of()).run(words);
    return new Result(
        code.number(),
        out.toString(StandardCharsets.UTF_8).replace(folder + "/", "@"),
        err.toString(StandardCharsets.UTF_8).replace(folder + "/", "@"));
  }

  private Result fine(String line) {
    Result result = heal(line);
    assertThat(result.code()).as(line + ": " + result.err()).isZero();
    return result;
  }

  private String refused(int code, String line) {
    Result result = heal(line);
    assertThat(result.code()).as(line).isEqualTo(code);
    assertThat(result.out()).isEmpty();
    return result.err();
  }

  @Test
  void aKeyIsForItsOwnerAloneAndIsNeverOverwrittenByChance() throws IOException {
    Result made = fine("keygen @ops");
    String secret = Files.readString(path("ops"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path("ops"))))
        .isEqualTo("rw-------");
    assertThat(made.out())
        .matches(
            "private key  @ops \\(mode 0600: keep it\\)\npublic key   @ops.pub\nid           [0-9a-f]{16}\n");
    assertThat(refused(1, "keygen @ops")).startsWith("heal: `@ops.pub` is there already\n");
    Files.delete(path("ops.pub"));
    assertThat(refused(1, "keygen @ops")).startsWith("heal: `@ops` is there already\n");
    assertThat(Files.readString(path("ops"))).isEqualTo(secret);
    assertThat(path("ops.pub")).doesNotExist();
    fine("keygen @ops --force");
    assertThat(Files.readString(path("ops"))).isNotEqualTo(secret);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path("ops"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aKeyIsNotWrittenThroughALink() throws IOException {
    write("victim", "precious");
    Files.createSymbolicLink(path("ops"), path("victim"));
    Files.createSymbolicLink(path("dangling"), path("nowhere"));

    refused(1, "keygen @ops");
    refused(1, "keygen @dangling");

    assertThat(Files.readString(path("victim"))).isEqualTo("precious");
    assertThat(path("nowhere")).doesNotExist();
  }

  @Test
  void aKeyThatOthersCanReadIsNotUsed() throws IOException {
    fine("keygen @ops");
    Files.setPosixFilePermissions(path("ops"), PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(refused(1, "bundle build @policies -o @a.bundle --key @ops"))
        .contains("others may read or change the private key `@ops`")
        .contains("chmod 600");
    assertThat(path("a.bundle")).doesNotExist();
  }

  @Test
  void fromAFolderToATrustedBundle() throws IOException {
    fine("keygen @ops");
    Result built = fine("bundle build @policies -o @1.bundle --name fleet");
    assertThat(built.out())
        .matches(
            "fleet revision 1 \\([0-9a-f]{12}\\): 1 file, 503 bytes, not signed\n"
                .replace("503", "\\d+"));
    assertThat(refused(6, "bundle verify @1.bundle --trust @ops.pub"))
        .isEqualTo(
            """
            heal: `@1.bundle` is refused: it is not signed
              = help: sign it with `heal bundle sign`
            """);
    fine("bundle sign @1.bundle --key @ops");
    assertThat(fine("bundle verify @1.bundle --trust @ops.pub").out())
        .matches(
            "fleet revision 1 \\(.*signed by [0-9a-f]{16}; the signature of [0-9a-f]{16} is right\n");
    edit("priority 50", "priority 51");
    fine("bundle build @policies -o @2.bundle --parent @1.bundle --key @ops");
    assertThat(fine("bundle verify @2.bundle --trust @ops.pub --after @1.bundle").out())
        .startsWith("fleet revision 2 (");
    assertThat(refused(6, "bundle verify @1.bundle --trust @ops.pub --after @2.bundle"))
        .contains("is older than revision 2");
    assertThat(refused(6, "bundle verify @2.bundle --trust @ops.pub --name staging"))
        .contains("another set of policies than `staging`");
    fine("keygen @mallory");
    assertThat(refused(6, "bundle verify @2.bundle --trust @mallory.pub")).contains("not trusted");
  }

  @Test
  void twoEditsOfOneParentAreBothNamed() throws IOException {
    fine("keygen @ops");
    fine("bundle build @policies -o @1.bundle --name fleet --key @ops");
    edit("priority 50", "priority 51");
    fine("bundle build @policies -o @alice.bundle --parent @1.bundle --key @ops");
    edit("priority 51", "priority 52");
    fine("bundle build @policies -o @bob.bundle --parent @1.bundle --revision 3 --key @ops");

    assertThat(refused(6, "bundle verify @bob.bundle --trust @ops.pub --after @alice.bundle"))
        .containsPattern(
            "fleet revision 3 \\(.*\\) and fleet revision 2 \\(.*\\), which is in force, were both"
                + " made from revision 1 \\(");
  }

  @Test
  void theSamePoliciesAreTheSameBytes() throws IOException {
    fine("keygen @ops");
    fine("bundle build @policies -o @a.bundle --key @ops");
    Files.setLastModifiedTime(
        policies.resolve("site.heal"), java.nio.file.attribute.FileTime.fromMillis(0));
    Files.setPosixFilePermissions(
        policies.resolve("site.heal"), PosixFilePermissions.fromString("rwx------"));
    fine("bundle build @policies -o @b.bundle --key @ops");

    assertThat(path("a.bundle")).hasSameBinaryContentAs(path("b.bundle"));
    fine("bundle build @policies -o @a.bundle --key @ops");
    edit("priority 50", "priority 51");
    assertThat(refused(1, "bundle build @policies -o @a.bundle --key @ops"))
        .contains("`@a.bundle` is there already, and is another one");
    fine("bundle build @policies -o @a.bundle --key @ops --force");
  }

  @Test
  void aFolderIsSignedInPlace() throws IOException {
    fine("keygen @ops");
    fine("keygen @next");
    fine("bundle sign @policies --key @ops --name fleet");
    assertThat(fine("bundle sign @policies --key @next").out()).contains("fleet revision 1 (");
    fine("bundle verify @policies --trust @ops.pub");
    fine("bundle verify @policies --trust @next.pub");
    edit("priority 50", "priority 51");
    assertThat(refused(6, "bundle verify @policies --trust @ops.pub"))
        .contains("`site.heal` is not what the manifest says: it was changed");
    assertThat(fine("bundle sign @policies --key @ops").out()).contains("fleet revision 2 (");
    fine("bundle verify @policies --trust @ops.pub");
    assertThat(refused(6, "bundle verify @policies --trust @next.pub")).contains("not trusted");
    write("policies/more/b.heal", "heal 1\n");
    assertThat(refused(6, "bundle verify @policies --trust @ops.pub"))
        .contains("`more/b.heal` is not in the manifest");
    assertThat(fine("bundle show @1.bundle --help").out()).contains("whoever has signed it");
  }

  @Test
  void whatTheCheckFindsIsNotPacked() throws IOException {
    edit("88C for", "450W for");

    assertThat(refused(3, "bundle build @policies -o @a.bundle")).contains("error[H0303]");
    assertThat(path("a.bundle")).doesNotExist();
    fine("bundle build @policies -o @a.bundle --no-check");
  }

  @Test
  void whatIsImportedFromOutsideIsNotInTheBundle() throws IOException {
    write("outside/o.heal", "heal 1\nlet x = 1\n");
    edit("heal 1\n", "heal 1\nimport \"../outside/o\" as o\n");

    assertThat(refused(3, "bundle build @policies -o @a.bundle")).contains("../outside/o");
  }

  @Test
  void whatIsInABundleCanBeShown() {
    fine("bundle build @policies -o @a.bundle --name fleet");

    assertThat(fine("bundle show @a.bundle").out())
        .contains("set       fleet\nrevision  1\nedition   1\ndigest    sha256:")
        .contains("made from nothing: it is the first\nsigned    by nobody\n")
        .endsWith("  site.heal\n");
    assertThat(fine("bundle show @a.bundle --json").out())
        .startsWith("{\"set\":\"fleet\",\"revision\":1,\"edition\":1,\"digest\":\"sha256:")
        .endsWith("}]}\n");
    assertThat(fine("bundle show @a.bundle --file site.heal").out()).isEqualTo(POLICY);
    assertThat(refused(2, "bundle show @a.bundle --file x.heal")).contains("no `x.heal`");
  }

  @Test
  void aVerificationForPrograms() {
    fine("keygen @ops");
    fine("bundle build @policies -o @a.bundle --name fleet");
    Result bad = heal("bundle verify @a.bundle --trust @ops.pub --json");
    fine("bundle sign @a.bundle --key @ops");
    Result good = heal("bundle verify @a.bundle --trust @ops.pub --json");

    assertThat(bad.code()).isEqualTo(6);
    assertThat(bad.out())
        .isEqualTo(
            "{\"verified\":false,\"kind\":\"unsigned\",\"text\":\"it is not signed\","
                + "\"help\":\"sign it with `heal bundle sign`\"}\n");
    assertThat(good.code()).isZero();
    assertThat(good.out()).startsWith("{\"verified\":true,\"signer\":\"");
  }

  @Test
  void mistakesOnTheCommandLine() throws IOException {
    fine("keygen @ops");
    fine("bundle build @policies -o @a.bundle");
    write("garbage", "hello");

    assertThat(refused(2, "bundle")).contains("`bundle` takes one of: build, sign, verify, show");
    assertThat(refused(2, "bundle show")).contains("missing required parameter");
    assertThat(refused(2, "bundle build @a.bundle -o @b")).contains("`@a.bundle` is no folder");
    assertThat(refused(2, "bundle build @policies -o @b --name Fleet"))
        .contains("no name of a set");
    assertThat(refused(2, "bundle build @policies -o @b --revision 0")).contains("from 1 on");
    assertThat(refused(2, "bundle build @policies -o @b --parent @a.bundle --revision 1"))
        .contains("from 2 on");
    assertThat(refused(2, "bundle build @policies -o @b --parent @a.bundle --name x"))
        .contains("the parent is of the set `policies`, not `x`");
    assertThat(refused(2, "bundle sign @a.bundle --key @ops --revision 9"))
        .contains("build another");
    assertThat(refused(1, "bundle sign @a.bundle --key @nokey")).contains("no file `@nokey`");
    assertThat(refused(1, "bundle show @garbage")).contains("`@garbage`: it ends before");
    assertThat(refused(1, "bundle show @policies")).contains("the folder was never signed");
    assertThat(refused(1, "bundle show @nothing")).contains("does not exist");
    assertThat(refused(1, "bundle verify @a.bundle --trust @nothing"))
        .contains("no file `@nothing`");
    assertThat(heal("bundle verify --help").out()).contains("heal bundle verify");
    assertThat(heal("help bundle verify").out()).contains("heal bundle verify");
  }

  @Test
  void aDifferenceInMeaning() throws IOException {
    fine("bundle build @policies -o @a.bundle");
    edit("priority 50", "priority 60");
    edit("for 60s", "for 30s");
    edit("mode observe", "mode enforce");
    Result human = heal("diff @a.bundle @policies --exit-code");

    assertThat(human.code()).isEqualTo(6);
    assertThat(human.out())
        .isEqualTo(
            """
              fault hot  (@policies/site.heal:4)
                for                   60s -> 30s
              policy cool  (@policies/site.heal:5)
                priority              50 -> 60
                mode                  observe -> enforce
            """);
    assertThat(human.err()).isEqualTo("3 changed; enforced from now on: `cool`\n");
    assertThat(heal("diff @a.bundle @policies --format json").out().lines().findFirst())
        .hasValue(
            "{\"change\":\"changed\",\"kind\":\"fault\",\"name\":\"hot\",\"field\":\"for\","
                + "\"before\":\"60s\",\"after\":\"30s\",\"place_before\":\"@a.bundle/site.heal:4\","
                + "\"place_after\":\"@policies/site.heal:4\"}");
    Result none = heal("diff @policies @policies --exit-code");
    assertThat(none.code()).isZero();
    assertThat(none.out()).isEmpty();
    assertThat(none.err()).isEqualTo("no difference in meaning\n");
  }

  @Test
  void decisionsThatDifferOnARecording() throws IOException {
    StringBuilder facts = new StringBuilder();
    for (int second = 0; second <= 120; second++) {
      facts.append(
          "{\"t\":\"2026-01-05T00:%02d:%02dZ\",\"entity\":\"gpu:n1/0\",\"signal\":\"nvml.temperature\",\"value\":91}\n"
              .formatted(second / 60, second % 60));
    }
    write("facts.jsonl", facts.toString());
    fine("bundle build @policies -o @a.bundle");
    edit("for 60s", "for 90s");
    Result human = heal("diff @a.bundle @policies --facts @facts.jsonl");
    Result json = heal("diff @a.bundle @policies --facts @facts.jsonl --format json");

    assertThat(human.code()).isZero();
    assertThat(human.out())
        .contains("\n- 2026-01-05T00:01:00.000Z  fault raised    hot on gpu:n1/0: ")
        .contains(
            "\n- 2026-01-05T00:01:00.000Z  observe         throttle gpu:n1/0 for hot on gpu:n1/0: ")
        .contains("\n+ 2026-01-05T00:01:30.000Z  fault raised    hot on gpu:n1/0: ");
    assertThat(human.err()).contains("121 facts; ").contains("; policies: cool\n");
    assertThat(json.out())
        .contains(
            "{\"only\":\"before\",\"step\":{\"t\":\"2026-01-05T00:01:00.000Z\",\"type\":\"fault_raised\"");
    edit("for 90s", "for 60s");
    edit("heal 1\n", "heal 1 # nothing\n");
    assertThat(heal("diff @a.bundle @policies --facts @facts.jsonl --exit-code").err())
        .isEqualTo("no difference in meaning\n121 facts; no decision differs on these facts\n");
  }

  @Test
  void generationsAreListedAndCompared() throws Exception {
    GenerationStore store = GenerationStore.open(Files.createDirectory(path("state")), 5);
    for (int number = 1; number <= 2; number++) {
      String text = POLICY.replace("priority 50", "priority 5" + number);
      Bundle bundle =
          Bundle.build(
              Contents.of(Map.of("site.heal", text.getBytes(StandardCharsets.UTF_8))),
              "unsigned",
              1,
              Optional.empty());
      store.save(
          Generation.unsigned(number, number * 60_000_000_000L, bundle, "the folder policies"),
          bundle);
    }
    Result list = fine("generations --state @state");

    assertThat(list.out())
        .matches(
            """
            GENERATION  IN FORCE SINCE        POLICIES      FROM
            1           1970-01-01T00:01:00Z  [0-9a-f]{12}  the folder policies
            2 \\*         1970-01-01T00:02:00Z  [0-9a-f]{12}  the folder policies
            """);
    assertThat(fine("generations --state @state --json").out().lines().skip(1).findFirst())
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .startsWith(
                        "{\"generation\":2,\"in_force\":true,\"at\":\"1970-01-01T00:02:00Z\","));
    assertThat(fine("diff 1 2 --state @state").out())
        .contains("    priority              51 -> 52\n")
        .contains("(generation 2/site.heal:5)");
    assertThat(fine("diff 2 @policies --state @state").out()).contains("52 -> 50");
    assertThat(refused(1, "diff 1 7 --state @state")).contains("generation 7 is not kept here");
    assertThat(refused(2, "diff 1 2")).contains("a generation needs --state");
    assertThat(refused(1, "generations --state @nowhere")).contains("there is no folder");
  }
}
