package dev.heal.dsl.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.text.SourceFile;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One mistake, one message, however many of them a file has; and a suggestion where one is close.
 */
class ManyMistakesTest {
  private static List<String> found(String text) {
    return Checker.check(List.of(new SourceFile("t.heal", text)), ImportResolver.NONE)
        .diagnostics()
        .stream()
        .map(d -> d.span().line() + ":" + d.span().column() + " " + d.code())
        .toList();
  }

  @Test
  void everyMistakeOfAFileIsNamedOnceInTheOrderOfTheFile() {
    String text =
        """
        heal 1
        tune warm = 99C range 80C..92C
        fault hot on gpu "Hot" {
          when nvml.temprature >= 88C for 60s
          severity high
        }
        fault busy on gpu "Busy" {
          when nvml.utilization >= 120% for 60s
          missing freeze
        }
        fault oom on service "OOM" {
          when log matches `CUDA (out`
          sample "CUDA out of memory"
          clear after 10m
        }
        budget b {
          limit 100% of nodes over 1h
        }
        policy p {
          on hot, within 30, priority 101, budgt b
          try { trottle gpu { power 450W }, takes 1s, confirm nvml.temperature < 80C, timeout 1m }
          or else { throttle gpu { power 88C }, takes 1s learnt, confirm nvml.present, timeout 1m }
          give up { pag oncall }
        }
        test "heat" {
          given node n1 { gpu 0 }
          at 0s xd 79 gpu 0
          never resett gpu
        }
        """;

    assertThat(found(text))
        .containsExactly(
            "2:13 H0306",
            "4:8 H0203",
            "5:12 H0216",
            "8:28 H0304",
            "12:20 H0307",
            "17:9 H0605",
            "20:18 H0301",
            "20:31 H0304",
            "20:36 H0206",
            "21:9 H0204",
            "22:34 H0303",
            "22:41 H0305",
            "23:13 H0204",
            "27:9 H0203",
            "28:9 H0204");
  }

  private static final String WHOLE =
      """
      heal 1
      fault hot on gpu "Hot" {
        when nvml.temperature >= 88C for 60s
        clear when nvml.temperature < 80C for 5m
        missing freeze
      }
      budget repairs { limit 1 node over 1h }
      action purge_logs on node "Frees the disk" { command ["/bin/true"], destructive no }
      check dcgm on gpu { command ["/bin/true"] }
      policy cool_down {
        on hot, budget repairs, mode observe
        try { throttle gpu { power 450W }, takes 1s, confirm check dcgm, timeout 10m }
        or else { purge_logs, takes 1s, confirm nvml.temperature < 80C, timeout 10m }
        give up { page oncall-gpu }
      }
      change policy cool_down { priority 60 }
      service llm on gpu-07 { unit "llm.service", profile lean { env ["A=1"] } }
      node gpu-07 { gpu 0 }
      pager oncall-gpu { webhook "https://example.org/page" }
      test "heat" {
        given node n1 { gpu 0 }
        from 0s..2m every 1s nvml.temperature 91C gpu 0
        expect fault hot gpu 0
        never reset gpu
      }
      """;

  @Test
  void theWholeHasNoMistake() {
    assertThat(found(WHOLE)).isEmpty();
  }

  /** A name of every kind, mistyped: the code, and the help line. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "on hot                | on hott               | H0201 | did you mean `hot`?",
        "expect fault hot      | expect fault hott     | H0201 | did you mean `hot`?",
        "budget repairs, mode  | budget repair, mode   | H0202 | did you mean `repairs`?",
        "when nvml.temperature | when nvml.temprature  | H0203 | did you mean `nvml.temperature`?",
        "1s nvml.temperature   | 1s nvml.temperatur    | H0203 | did you mean `nvml.temperature`?",
        "{ throttle            | { trottle             | H0204 | did you mean `throttle`?",
        "{ purge_logs          | { purge_log           | H0204 | did you mean `purge_logs`?",
        "{ page                | { pag                 | H0204 | did you mean `page`?",
        "never reset           | never rset            | H0204 | did you mean `reset`?",
        "throttle gpu          | throttle gpuu         | H0216 | did you mean `gpu`?",
        "power 450W            | powr 450W             | H0206 | did you mean `power`?",
        "missing freeze        | missing freze         | H0216 | did you mean `freeze`?",
        "mode observe          | mode obserbe          | H0216 | did you mean `observe`?",
        "check dcgm,           | check dcgn,           | H0214 | did you mean `dcgm`?",
        "change policy cool_down | change policy cooldown | H0215 | did you mean `cool_down`?",
        "llm on gpu-07         | llm on gpu-08         | H0208 | did you mean `gpu-07`?",
        "page oncall-gpu       | page oncal-gpu        | H0218 | did you mean `oncall-gpu`?",
        "fault hot on gpu      | fault hot on gqu      | H0216 | did you mean `gpu`?",
        "never reset gpu       | never reset node      | H0205 | it acts on gpu",
        "on gpu { command      | on gqu { command      | H0216 | did you mean `gpu`?",
      })
  void aMistypedNameOfEveryKindGetsASuggestion(
      String right, String wrong, String code, String help) {
    assertThat(WHOLE).contains(right);

    assertThat(
            Checker.check(
                    List.of(
                        new SourceFile("t.heal", WHOLE.replaceFirst(Pattern.quote(right), wrong))),
                    ImportResolver.NONE)
                .diagnostics())
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.code()).isEqualTo(code);
              assertThat(d.help()).contains(help);
            });
  }

  @Test
  void aNameThatIsFarFromEveryOtherGetsNoSuggestion() {
    assertThat(
            Checker.check(
                    List.of(new SourceFile("t.heal", WHOLE.replace("on hot,", "on elephant,"))),
                    ImportResolver.NONE)
                .diagnostics())
        .singleElement()
        .satisfies(d -> assertThat(d.help()).isEmpty());
  }

  /** What is written wrongly is not missing too. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "attempts 2 over 1h      | attempts 2            | H0305",
        "budget repairs, mode    | budget repair, mode   | H0202",
        "give up { page oncall } | give up { pge oncall } | H0204",
        "clear when nvml.temperature < 80C | clear when nvml.temperature < 80W | H0303",
        "missing freeze          | missing freze         | H0216",
        "confirm service.healthy | confirm service.helthy | H0203",
        "within 1m               | within 1C             | H0303",
        "limit 1 node            | limit 0 node          | H0605",
      })
  void aMistakeBringsNoSecondMessage(String right, String wrong, String code) {
    String text =
        """
        heal 1
        fault hot on gpu "Hot" {
          when nvml.temperature >= 88C for 30s
          clear when nvml.temperature < 80C for 5m
          missing freeze
        }
        budget repairs { limit 1 node over 1h }
        policy p {
          on hot, within 1m, attempts 2 over 1h, budget repairs, mode enforce
          try { migrate service, takes 1s, confirm service.healthy for 10s, timeout 1m }
          give up { page oncall }
        }
        change policy p { priority 60 }
        """;

    assertThat(found(text)).isEmpty();
    assertThat(text).contains(right);
    assertThat(found(text.replace(right, wrong))).singleElement().asString().endsWith(code);
  }
}
