package dev.heal.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.vocabulary.xid.XidCatalogue;
import dev.heal.dsl.vocabulary.xid.XidEntry;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Xid that a driver in use writes meets one fault, and the repair that NVIDIA recommends. */
class XidCatalogueTest {
  private static final CheckedPolicy FLEET =
      ShippedPacks.check(ShippedPacks.FLEET).policy().orElseThrow();
  private static final String LINE =
      "2026-01-05T00:00:00.000000+00:00 inf-01 kernel: NVRM: Xid (PCI:0000:1b:00): %d, pid=4711, name=python3, %s\n";

  /** What was begun, or would have been: verbs with the kind of their target. */
  private record Met(Set<String> faults, Set<String> acts) {
    static Met with(List<Fact> facts) {
      Set<String> faults = new TreeSet<>();
      Set<String> acts = new TreeSet<>();
      for (Entry entry : RecordedRun.run(FLEET, facts)) {
        if (entry.type() == EntryType.FAULT_RAISED) {
          faults.add(entry.instance().orElseThrow().fault());
        }
        boolean begun =
            entry.type() == EntryType.ACTION_STARTED
                || entry.outcome().filter(o -> o.equals("observe")).isPresent()
                || (entry.type() == EntryType.HELD && entry.because().contains("heal approve"));
        if (begun) {
          acts.add(
              entry.verb().orElse("") + entry.target().map(t -> " " + t.kind().word()).orElse(""));
        }
      }
      acts.removeIf(act -> act.startsWith("page"));
      return new Met(faults, acts);
    }
  }

  /** Codes that go by the decoded action of the line; their own rows are below. */
  private static boolean goesByAction(int code) {
    return (code >= 144 && code <= 150) || code == 154;
  }

  static Stream<XidEntry> codesInUse() {
    return XidCatalogue.all().values().stream().filter(XidEntry::inUse);
  }

  @Test
  void theCatalogueIsWhole() {
    assertThat(codesInUse().count()).isGreaterThan(100);
  }

  @ParameterizedTest
  @MethodSource("codesInUse")
  void aCodeInUseMeetsOneFaultAndTheRepairOfTheCatalogue(XidEntry entry) {
    if (goesByAction(entry.code())) {
      return;
    }
    Met met =
        Met.with(RecordedRun.facts(LINE.formatted(entry.code(), "Ch 00000008"), "inf-01", ""));

    assertThat(met.faults()).as("faults of Xid " + entry.code()).hasSize(1);
    switch (entry.action()) {
      case "RESTART_APP" -> assertThat(met.acts()).containsExactly("restart service");
      case "RESET_GPU", "WORKFLOW_XID_48", "WORKFLOW_NVLINK_ERR" ->
          assertThat(ladder(met))
              .containsExactly(
                  "cordon node", "migrate service", "migrate job", "reset gpu", "uncordon node");
      case "RESTART_BM", "RESTART_VM" ->
          assertThat(ladder(met))
              .containsExactly(
                  "cordon node", "migrate service", "migrate job", "restart node", "uncordon node");
      case "IGNORE", "WORKFLOW_XID_45" -> assertThat(met.acts()).isEmpty();
      default ->
          assertThat(Set.of("cordon node")).as("Xid " + entry.code()).containsAll(met.acts());
    }
  }

  /** What the first rung of the policy of the one fault is made of. */
  private static List<String> ladder(Met met) {
    String fault = met.faults().iterator().next();
    List<String> acts = new ArrayList<>();
    FLEET.policies().stream()
        .filter(p -> p.faults().contains(fault))
        .flatMap(p -> p.rungs().get(0).steps().stream())
        .forEach(
            s -> acts.add(s.act().verb() + s.act().target().map(k -> " " + k.word()).orElse("")));
    return acts;
  }

  @ParameterizedTest
  @CsvSource({
    "reset_gpu, reset gpu",
    "contact_support, cordon node",
    "ignore, ''",
    "none, ''",
  })
  void codes144To150GoByTheActionOfTheLine(String action, String expected) {
    Map<Integer, List<String>> met = new TreeMap<>();
    for (int code = 144; code <= 150; code++) {
      met.put(code, strongest(code, action));
    }
    assertThat(met.values())
        .allMatch(acts -> acts.equals(expected.isEmpty() ? List.of() : List.of(expected)));
    assertThat(met).hasSize(7);
  }

  @ParameterizedTest
  @CsvSource({
    "reset_gpu, reset gpu",
    "restart_node, restart node",
    "contact_support, cordon node",
    "none, ''",
    "ignore, ''",
  })
  void code154IsObeyed(String action, String expected) {
    assertThat(strongest(154, action))
        .isEqualTo(expected.isEmpty() ? List.of() : List.of(expected));
  }

  /** The destructive act of the one policy that the event meets; else what it begins with. */
  private static List<String> strongest(int code, String action) {
    Fact event =
        new Fact.Event(
            0, EntityId.gpu("inf-01", 0), "xid", Map.of("code", "" + code, "action", action));
    Met met = Met.with(List.of(event));
    assertThat(met.faults()).as("faults of Xid " + code + " " + action).hasSize(1);
    List<String> acts = ladder(met);
    return acts.stream()
        .filter(a -> a.equals("reset gpu") || a.equals("restart node"))
        .findFirst()
        .map(List::of)
        .orElse(acts.isEmpty() ? List.of() : List.of(acts.get(0)));
  }

  @Test
  void aRecoveryActionOfTheDriverIsReadFromItsLine() {
    String line =
        LINE.formatted(
            154, "GPU recovery action changed from 0x0 (None) to 0x2 (Node Reboot Required)");

    assertThat(Met.with(RecordedRun.facts(line, "inf-01", "")).faults())
        .containsExactly("nv.restart_recommended");
  }
}
