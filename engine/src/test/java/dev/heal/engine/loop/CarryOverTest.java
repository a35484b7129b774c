package dev.heal.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.Fact;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.fact.Topology;
import dev.heal.engine.record.Entry;
import dev.heal.engine.record.EntryType;
import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Past;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What becomes of a fault instance when its policies are loaded anew: each kind of edit, in each
 * state of the instance. One sample a second; the reload is in force at 130 s.
 */
class CarryOverTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int RELOAD = 130;
  private static final EntityId GPU = EntityId.gpu("n1", 0);

  private static final String TEXT =
      """
      heal 1
      node n1 { gpu 0 }
      pager oncall { webhook "https://example.org" }
      fault hot on gpu {
        when nvml.temperature >= 88C for 60s
        clear when nvml.temperature < 80C for 30s
        missing freeze
      }
      policy cool {
        on hot, within 10m, attempts 4 over 1h, MODE
        try { throttle gpu { power 300W }, takes 1s, confirm nvml.temperature < 85C for 20s, timeout 10m }
        give up { page oncall }
      }
      """;

  /** What the operator does to the files. */
  private enum Edit {
    UNCHANGED {
      @Override
      String of(String text) {
        return text;
      }
    },
    COMMENT_ONLY {
      @Override
      String of(String text) {
        return text.replace("fault hot", "let limit = 88C # as the vendor says\nfault   hot")
            .replace("88C for 60s", "limit   for 1m # a minute");
      }
    },
    THRESHOLD {
      @Override
      String of(String text) {
        return text.replace("88C for", "90C for");
      }
    },
    THRESHOLD_ABOVE {
      @Override
      String of(String text) {
        return text.replace("88C for", "98C for");
      }
    },
    FOR_LONGER {
      @Override
      String of(String text) {
        return text.replace("for 60s", "for 3m");
      }
    },
    FOR_SHORTER {
      @Override
      String of(String text) {
        return text.replace("for 60s", "for 20s");
      }
    },
    CONDITION {
      @Override
      String of(String text) {
        return text.replace(">= 88C", "> 88C");
      }
    },
    RENAMED {
      @Override
      String of(String text) {
        return text.replace("hot", "warm");
      }
    },
    REMOVED {
      @Override
      String of(String text) {
        return text.replaceAll("(?s)fault hot.*", "")
            + "fault cold on gpu { when nvml.temperature < 5C for 1m, missing freeze }\n";
      }
    },
    UNRELATED_FILE {
      @Override
      String of(String text) {
        return text + "fault busy on node { when cpu.used > 90% for 1m, missing freeze }\n";
      }
    };

    abstract String of(String text);
  }

  /** How the instance stands when the reload comes. */
  private enum Before {
    /** 70C all the time. */
    CLEAR(1000, 1000, "observe"),
    /** 95C from 100 s on. */
    PENDING(100, 1000, "observe"),
    /** 95C from the start, and nothing but observed. */
    RAISED(0, 1000, "observe"),
    /** 95C up to 110 s, then 75C. */
    CLEARING(0, 110, "observe"),
    /** 95C from the start; the throttle was ordered at 60 s and has not ended. */
    LADDER_RUNNING(0, 1000, "enforce");

    final int hotFrom;
    final int hotTo;
    final String mode;

    Before(int hotFrom, int hotTo, String mode) {
      this.hotFrom = hotFrom;
      this.hotTo = hotTo;
      this.mode = mode;
    }

    double at(int second) {
      return second >= hotFrom && second < hotTo ? 95 : hotTo < 1000 && second >= hotTo ? 75 : 70;
    }
  }

  /**
   * The table: the edit; how the instance stood; how it stands behind the reload; what was told at
   * 134 s, when the reload came into force; what was told later, with the throttle done at 136 s.
   */
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          UNCHANGED       | CLEAR          | clear          | -                                                                                                    | -
          UNCHANGED       | PENDING        | pending        | -                                                                                                    | 160s fault_raised hot, 160s decision hot observe throttle, 160s ended hot
          UNCHANGED       | RAISED         | raised         | -                                                                                                    | -
          UNCHANGED       | CLEARING       | clearing       | -                                                                                                    | 140s fault_cleared hot
          UNCHANGED       | LADDER_RUNNING | raised         | -                                                                                                    | 136s action_done hot done throttle
          COMMENT_ONLY    | CLEAR          | clear          | -                                                                                                    | -
          COMMENT_ONLY    | PENDING        | pending        | -                                                                                                    | 160s fault_raised hot, 160s decision hot observe throttle, 160s ended hot
          COMMENT_ONLY    | RAISED         | raised         | -                                                                                                    | -
          COMMENT_ONLY    | CLEARING       | clearing       | -                                                                                                    | 140s fault_cleared hot
          COMMENT_ONLY    | LADDER_RUNNING | raised         | -                                                                                                    | 136s action_done hot done throttle
          THRESHOLD       | CLEAR          | clear          | -                                                                                                    | -
          THRESHOLD       | PENDING        | pending        | -                                                                                                    | 160s fault_raised hot, 160s decision hot observe throttle, 160s ended hot
          THRESHOLD       | RAISED         | raised         | -                                                                                                    | -
          THRESHOLD       | CLEARING       | clearing       | -                                                                                                    | 140s fault_cleared hot
          THRESHOLD       | LADDER_RUNNING | raised         | -                                                                                                    | 136s action_done hot done throttle
          THRESHOLD_ABOVE | CLEAR          | clear          | -                                                                                                    | -
          THRESHOLD_ABOVE | PENDING        | clear          | -                                                                                                    | -
          THRESHOLD_ABOVE | RAISED         | clear          | 134s fault_cleared hot                                                                               | -
          THRESHOLD_ABOVE | CLEARING       | clear          | 134s fault_cleared hot                                                                               | -
          THRESHOLD_ABOVE | LADDER_RUNNING | clear          | 134s fault_cleared hot                                                                               | 136s action_done hot done throttle
          FOR_LONGER      | CLEAR          | clear          | -                                                                                                    | -
          FOR_LONGER      | PENDING        | pending        | -                                                                                                    | 280s fault_raised hot, 280s decision hot observe throttle, 280s ended hot
          FOR_LONGER      | RAISED         | pending        | 134s fault_cleared hot                                                                               | 180s fault_raised hot, 180s decision hot observe throttle, 180s ended hot
          FOR_LONGER      | CLEARING       | clear          | 134s fault_cleared hot                                                                               | -
          FOR_LONGER      | LADDER_RUNNING | pending        | 134s fault_cleared hot                                                                               | 136s action_done hot done throttle, 180s fault_raised hot, 180s held hot hold throttle
          FOR_SHORTER     | CLEAR          | clear          | -                                                                                                    | -
          FOR_SHORTER     | PENDING        | raised         | 134s fault_raised hot, 134s decision hot observe throttle, 134s ended hot                            | -
          FOR_SHORTER     | RAISED         | raised         | -                                                                                                    | -
          FOR_SHORTER     | CLEARING       | clearing       | -                                                                                                    | 140s fault_cleared hot
          FOR_SHORTER     | LADDER_RUNNING | raised         | -                                                                                                    | 136s action_done hot done throttle
          CONDITION       | CLEAR          | clear          | -                                                                                                    | -
          CONDITION       | PENDING        | pending        | -                                                                                                    | 160s fault_raised hot, 160s decision hot observe throttle, 160s ended hot
          CONDITION       | RAISED         | raised         | 134s fault_cleared hot, 134s fault_raised hot, 134s decision hot observe throttle, 134s ended hot    | -
          CONDITION       | CLEARING       | clearing       | 134s fault_cleared hot, 134s fault_raised hot, 134s decision hot observe throttle, 134s ended hot    | 140s fault_cleared hot
          CONDITION       | LADDER_RUNNING | raised         | 134s fault_cleared hot, 134s fault_raised hot, 134s held hot hold throttle                           | 136s action_done hot done throttle
          RENAMED         | CLEAR          | clear/clear    | -                                                                                                    | -
          RENAMED         | PENDING        | clear/pending  | -                                                                                                    | 160s fault_raised warm, 160s decision warm observe throttle, 160s ended warm
          RENAMED         | RAISED         | clear/raised   | 134s fault_cleared hot, 134s fault_raised warm, 134s decision warm observe throttle, 134s ended warm | -
          RENAMED         | CLEARING       | clear/clearing | 134s fault_cleared hot, 134s fault_raised warm, 134s decision warm observe throttle, 134s ended warm | 140s fault_cleared warm
          RENAMED         | LADDER_RUNNING | clear/raised   | 134s fault_cleared hot, 134s fault_raised warm, 134s held warm hold throttle                         | 136s action_done hot done throttle
          REMOVED         | CLEAR          | clear          | -                                                                                                    | -
          REMOVED         | PENDING        | clear          | -                                                                                                    | -
          REMOVED         | RAISED         | clear          | 134s fault_cleared hot                                                                               | -
          REMOVED         | CLEARING       | clear          | 134s fault_cleared hot                                                                               | -
          REMOVED         | LADDER_RUNNING | clear          | 134s fault_cleared hot                                                                               | 136s action_done hot done throttle
          UNRELATED_FILE  | CLEAR          | clear          | -                                                                                                    | -
          UNRELATED_FILE  | PENDING        | pending        | -                                                                                                    | 160s fault_raised hot, 160s decision hot observe throttle, 160s ended hot
          UNRELATED_FILE  | RAISED         | raised         | -                                                                                                    | -
          UNRELATED_FILE  | CLEARING       | clearing       | -                                                                                                    | 140s fault_cleared hot
          UNRELATED_FILE  | LADDER_RUNNING | raised         | -                                                                                                    | 136s action_done hot done throttle
          """)
  void everyCell(Edit edit, Before before, String state, String then, String later) {
    Case cell = new Case(edit, before);

    assertThat(cell.reloaded()).isEqualTo(state + " | " + then);
    assertThat(cell.later()).isEqualTo(later);
  }

  /** One cell of the table. */
  private static final class Case {
    private final Edit edit;
    private final Before before;
    private final Engine engine;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Order> orders = new ArrayList<>();

    Case(Edit edit, Before before) {
      this.edit = edit;
      this.before = before;
      CheckedPolicy policies = checked(text());
      this.engine = new Engine(policies, new Topology(policies.site()), 0, Past.NONE);
    }

    private String text() {
      return TEXT.replace("MODE", "mode " + before.mode);
    }

    /** The state behind the reload, and what was told then. */
    String reloaded() {
      run(0, RELOAD + 1);
      take();
      entries.clear();
      Preparation next = engine.prepare(new GenerationId(2, ""), RELOAD * SECOND + 1);
      assertThat(next.copy(1)).as("copied at once").isFalse();
      run(RELOAD + 1, RELOAD + 2);
      assertThat(next.copy(1_000)).isTrue();
      next.build(CompiledPolicies.of(checked(edit.of(text()))));
      run(RELOAD + 2, RELOAD + 4);
      next.catchUp();
      run(RELOAD + 4, RELOAD + 5);
      engine.swap((RELOAD + 5) * SECOND - 1);
      take();
      String renamed = edit == Edit.RENAMED ? "/" + state("warm") : "";
      return state("hot") + renamed + " | " + lines();
    }

    /** What is told up to 320 s. */
    String later() {
      entries.clear();
      long done = (RELOAD + 6) * SECOND;
      orders.forEach(o -> engine.ended(o.id(), new Outcome(Outcome.Kind.DONE, "done"), done));
      run(RELOAD + 7, 320);
      take();
      return lines();
    }

    private String state(String fault) {
      return engine.state(new FaultInstance(fault, GPU)).name().toLowerCase(Locale.ROOT);
    }

    private void run(int from, int to) {
      for (int second = from; second < to; second++) {
        engine.accept(new Fact.Sample(second * SECOND, GPU, "nvml.temperature", before.at(second)));
      }
    }

    private void take() {
      Engine.Step step = engine.take();
      entries.addAll(step.entries());
      orders.addAll(step.orders());
    }

    private String lines() {
      String lines =
          entries.stream()
              .filter(entry -> entry.type() != EntryType.RELOADED)
              .map(Case::line)
              .collect(Collectors.joining(", "));
      return lines.isEmpty() ? "-" : lines;
    }

    private static String line(Entry entry) {
      return entry.at() / SECOND
          + "s "
          + entry.type().word()
          + entry.instance().map(instance -> " " + instance.fault()).orElse("")
          + entry.outcome().map(outcome -> " " + outcome).orElse("")
          + entry.verb().map(verb -> " " + verb).orElse("");
    }
  }

  private static CheckedPolicy checked(String text) {
    CheckResult result =
        Checker.check(List.of(new SourceFile("t.heal", text)), ImportResolver.NONE);
    Optional<CheckedPolicy> policy = result.policy();
    assertThat(policy).as(result.diagnostics().toString()).isPresent();
    return policy.orElseThrow();
  }
}
