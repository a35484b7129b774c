package dev.heal.packs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.vocabulary.xid.SxidCatalogue;
import dev.heal.dsl.vocabulary.xid.SxidCatalogue.Fatality;
import dev.heal.engine.record.EntryType;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every SXid that NVIDIA documents meets one fault of the node, fatal or not. */
class SxidCatalogueTest {
  private static final CheckedPolicy FLEET =
      ShippedPacks.check(ShippedPacks.FLEET).policy().orElseThrow();
  private static final Map<Fatality, String> FAULTS =
      Map.of(
          Fatality.ALWAYS, "switches.switch_broken",
          Fatality.POSSIBLE, "switches.switch_doubtful",
          Fatality.NEVER, "switches.switch_noted");

  static Stream<SxidCatalogue.Entry> codes() {
    return IntStream.range(10_000, 30_000)
        .boxed()
        .flatMap(code -> SxidCatalogue.find(code).stream());
  }

  private static List<String> faults(int code, String said) {
    String line =
        "2026-01-05T00:00:00.000000+00:00 inf-01 kernel: nvidia-nvswitch0: SXid (PCI:0000:c4:00.0): %d, %sLink 12 error\n"
            .formatted(code, said);
    return RecordedRun.run(FLEET, RecordedRun.facts(line, "inf-01", "")).stream()
        .filter(e -> e.type() == EntryType.FAULT_RAISED)
        .map(e -> e.instance().orElseThrow().toString())
        .toList();
  }

  @Test
  void theCatalogueIsWhole() {
    assertThat(codes().count()).isEqualTo(93);
  }

  @ParameterizedTest
  @MethodSource("codes")
  void aCodeMeetsTheFaultOfItsFatality(SxidCatalogue.Entry entry) {
    assertThat(faults(entry.code(), ""))
        .singleElement()
        .asString()
        .contains(FAULTS.get(entry.fatality()), "node:inf-01");
  }

  @Test
  void whatTheLineSaysOfItselfCountsMore() {
    assertThat(faults(11_012, "Fatal, ")).singleElement().asString().contains("switch_broken");
    assertThat(faults(20_034, "Non-fatal, ")).singleElement().asString().contains("switch_noted");
  }
}
