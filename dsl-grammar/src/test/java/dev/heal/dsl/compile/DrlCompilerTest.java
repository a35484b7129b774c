package dev.heal.dsl.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.check.CheckResult;
import dev.heal.dsl.check.Checker;
import dev.heal.dsl.check.ImportResolver;
import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.text.SourceFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrlCompilerTest {
  private static final String TWO_POLICIES =
      """
      heal 1
      fault hung on node "a task hangs" {
        when hung_task
        clear after 1m
      }
      policy drain {
        on hung
        priority 20
        where node.pool == "a"
        try { cordon node, confirm node.cordoned }
      }
      policy fence {
        on hung
        priority 10
        try { cordon node, confirm node.cordoned }
      }
      """;

  private static CheckedPolicy checked(String file, String text) {
    CheckResult result = Checker.check(List.of(new SourceFile(file, text)), ImportResolver.NONE);
    assertThat(result.policy()).as(result.diagnostics().toString()).isPresent();
    return result.policy().orElseThrow();
  }

  @Test
  void oneRuleForEachPolicyAndFaultTheHigherPriorityFirst() {
    CompiledPolicy compiled = DrlCompiler.compile(checked("pool.heal", TWO_POLICIES));

    assertThat(compiled.drl())
        .isEqualTo(
            """
            // Written by `heal compile`. The engine does not read this text.
            package heal.policies;

            import dev.heal.engine.rule.Holds;
            import dev.heal.engine.rule.RaisedFault;

            // pool.heal:6: policy drain
            // pool.heal:2: fault hung, "a task hangs"
            // where node.pool in ["a"]
            rule "drain hung"
            when
              $raised : RaisedFault(fault == "hung")
              Holds(policy == "drain", entity == $raised.entity)
            then
            end

            // pool.heal:12: policy fence
            // pool.heal:2: fault hung, "a task hangs"
            rule "fence hung"
            when
              $raised : RaisedFault(fault == "hung")
              not Holds(policy == "drain", entity == $raised.entity)
            then
            end
            """);
    assertThat(compiled.source("fence hung").orElseThrow()).hasToString("pool.heal:12:1");
    assertThat(compiled.source(12).orElseThrow()).hasToString("pool.heal:6:1");
    assertThat(compiled.source(9)).isEmpty();
    assertThat(compiled.source("no such rule")).isEmpty();
  }

  @Test
  void aPolicyThatNeverGetsTheFaultHasNoRule() {
    String text = TWO_POLICIES.replace("  where node.pool == \"a\"\n", "");

    CompiledPolicy compiled = DrlCompiler.compile(checked("pool.heal", text));

    assertThat(compiled.rules())
        .extracting(rule -> rule.says())
        .containsExactly(new CompiledPolicy.Says.Takes("drain", "hung"));
    assertThat(compiled.drl()).contains("// no rule \"fence hung\": drain always takes the fault");
  }

  @Test
  void oneRuleForEachChildOfASuppressionWithItsOwnLine() {
    String text =
        TWO_POLICIES.replace(
            "  clear after 1m\n}\n",
            """
              clear after 1m
            }
            fault dead on node {
              when heartbeat silent for 15s
              suppresses [hung] same node
              suppresses [hung, slow] same job within 15m
            }
            fault slow on job "steps take long" {
              when train.step_time >= 10s for 1m
            }
            """);

    CompiledPolicy compiled = DrlCompiler.compile(checked("pool.heal", text));

    assertThat(compiled.drl())
        .contains("import dev.heal.engine.rule.Suppressing;\n")
        .endsWith(
            """

            // pool.heal:9: fault dead suppresses slow, same job
            // pool.heal:11: fault slow, "steps take long"
            rule "dead suppresses slow 2"
            when
              $parent : Suppressing(fault == "dead", statement == 2)
              $shared : Related(kind == "job", entity == $parent.entity)
              $member : Related(kind == "job", to == $shared.to)
              $raised : RaisedFault(fault == "slow", entity == $member.entity)
            then
            end
            """);
    assertThat(compiled.rules())
        .extracting(rule -> rule.name() + " at " + rule.source().line())
        .containsExactly(
            "drain hung at 14",
            "fence hung at 20",
            "dead suppresses hung 1 at 8",
            "dead suppresses hung 2 at 9",
            "dead suppresses slow 2 at 9");
  }

  /** What somebody could write to get out of a literal or a comment. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"",
        "\\",
        "\\\"",
        "a\nend\nrule evil when then System.exit(1); end",
        "\r",
        "*/",
        "/*",
        "${x}",
        "@{x}",
        "\\u0022",
        "\u2028",
        "\u0000",
        "\u202e",
        "\ud83d\ude00",
        "'",
        "`",
        "#{1}",
        "//"
      })
  void userTextNeverLeavesItsPlace(String evil) {
    assertThat(DrlText.literal(evil)).matches("\"([ -~&&[^\"\\\\]]|\\\\u[0-9A-F]{4})*\"");
    assertThat(read(DrlText.literal(evil))).isEqualTo(evil);
    assertThat(DrlText.comment(evil)).matches("[ -~&&[^\\\\]]*");
    assertThat(DrlText.name(evil)).matches("[ -~&&[^\"\\\\]]*").doesNotContain(" ");
  }

  @Test
  void userTextInEveryPlaceOfAFileStaysInItsLine() {
    String evil = "*/ \\\" ${x} end \u2028 rule";
    String text = TWO_POLICIES.replace("a task hangs", evil).replace("\"a\"", "\"" + evil + "\"");

    CompiledPolicy compiled = DrlCompiler.compile(checked("a\nend\".heal", text));

    assertThat(compiled.drl().lines())
        .hasSameSizeAs(DrlCompiler.compile(checked("a.heal", TWO_POLICIES)).drl().lines().toList());
    assertThat(compiled.drl())
        .contains("// a<U+000A>end\".heal:6: policy drain\n")
        .contains(": fault hung, \"*/ \" ${x} end <U+2028> rule\"\n")
        .matches("[ -~\n]*");
  }

  /** The text that a literal stands for. */
  private static String read(String literal) {
    return java.util.regex.Pattern.compile("\\\\u([0-9A-F]{4})")
        .matcher(literal.substring(1, literal.length() - 1))
        .replaceAll(
            found ->
                java.util.regex.Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(found.group(1), 16))));
  }
}
