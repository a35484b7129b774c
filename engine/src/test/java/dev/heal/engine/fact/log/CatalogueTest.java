package dev.heal.engine.fact.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.vocabulary.EntityKind;
import dev.heal.dsl.vocabulary.Vocabulary;
import dev.heal.dsl.vocabulary.xid.XidCatalogue;
import dev.heal.dsl.vocabulary.xid.XidEntry;
import dev.heal.engine.fact.log.LogEvent.Action;
import dev.heal.engine.fact.log.LogEvent.Severity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What becomes of each code of NVIDIA's catalogue, by the catalogue's own words. */
class CatalogueTest {
  private static final Map<String, Action> BY_WORD =
      Map.ofEntries(
          Map.entry("RESTART_APP", Action.RESTART_APP),
          Map.entry("RESET_GPU", Action.RESET_GPU),
          Map.entry("WORKFLOW_XID_48", Action.RESET_GPU),
          Map.entry("WORKFLOW_NVLINK_ERR", Action.RESET_GPU),
          Map.entry("RESTART_BM", Action.RESTART_NODE),
          Map.entry("RESTART_VM", Action.RESTART_NODE),
          Map.entry("IGNORE", Action.IGNORE),
          Map.entry("WORKFLOW_XID_45", Action.IGNORE),
          Map.entry("CONTACT_SUPPORT", Action.CONTACT_SUPPORT),
          Map.entry("CHECK_MECHANICALS", Action.CONTACT_SUPPORT),
          Map.entry("UPDATE_SWFW", Action.CONTACT_SUPPORT),
          Map.entry("CHECK_UVM", Action.CONTACT_SUPPORT),
          // no action is given: somebody has to look
          Map.entry("", Action.CONTACT_SUPPORT),
          // decoded from the rest of the line, which this one does not have
          Map.entry("WORKFLOW_NVLINK5_ERR", Action.CONTACT_SUPPORT),
          Map.entry("XID_154", Action.CONTACT_SUPPORT));

  @Test
  void everyCodeFollowsTheCatalogueAndNoneIsSilent() {
    assertThat(XidCatalogue.all()).hasSize(173);
    for (XidEntry entry : XidCatalogue.all().values()) {
      LogEvent event = xid(entry.code());
      assertThat(event.action())
          .as("Xid %d, %s", entry.code(), entry.action())
          .isEqualTo(BY_WORD.get(entry.action()))
          .isNotEqualTo(Action.NONE);
      if (event.action() == Action.IGNORE) {
        assertThat(event.severity()).isIn(Severity.WARNING, Severity.INFO);
      } else if (event.action() == Action.RESET_GPU || event.action() == Action.RESTART_NODE) {
        assertThat(event.severity()).isEqualTo(Severity.FATAL);
      }
    }
  }

  @Test
  void anUnknownCodeAsksForSupport() {
    for (int code : new int[] {0, 174, 200, 999, 65_535}) {
      assertThat(xid(code).severity()).as("Xid %d", code).isEqualTo(Severity.ERROR);
      assertThat(xid(code).action()).as("Xid %d", code).isEqualTo(Action.CONTACT_SUPPORT);
    }
  }

  /** A policy can name whatever the parser gives, on the entity that it is given for. */
  @Test
  void everyEventIsInTheVocabulary() {
    Set<String> missing = new TreeSet<>();
    RuleBook.shipped().kernel().forEach(rules -> rules.forEach(rule -> look(rule, missing)));
    RuleBook.shipped().service().forEach(rules -> rules.forEach(rule -> look(rule, missing)));
    assertThat(missing).isEmpty();
    assertThat(RuleBook.eventNames()).contains("xid", "sxid", "oom_kill", "link_down");
  }

  private static void look(Rule rule, Set<String> missing) {
    EntityKind entity =
        switch (rule.about()) {
          case PCI_DEVICE -> EntityKind.GPU;
          case HOST -> EntityKind.NODE;
          case SERVICE -> EntityKind.SERVICE;
        };
    if (Vocabulary.standard().signal(entity, rule.event()).isEmpty()) {
      missing.add(entity + "." + rule.event());
    }
  }

  private static LogEvent xid(int code) {
    List<LogEvent> events = new ArrayList<>();
    LogParser parser = new LogParser(LogOptions.none(), events::add);
    byte[] line =
        ("NVRM: Xid (PCI:0000:3b:00): " + code + ", pid=1, name=a, words")
            .getBytes(StandardCharsets.UTF_8);
    parser.line(1, line, 0, line.length);
    assertThat(events).as("Xid %d", code).hasSize(1);
    return events.get(0);
  }
}
