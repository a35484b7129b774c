package dev.heal.dsl.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormatterTest {

  @Test
  void theCanonicalFormKeepsCommentsAndTheAuthorsLines() {
    String written =
        """
        # before all
        heal   1      # the edition


        let  pager="on"   # who

        # a fault
        fault  thermal   on gpu   "Too \\"hot\\""  {   # why
            when   nvml.temperature>=88.0C   for 60s
            severity critical,missing freeze   # two


            # own line
            window [1,2,
              3]   # list
            # at the end
        }
        check dcgm on gpu {command ["dcgmi","diag"],timeout 3m}  # flat
        policy p {
          try {
            migrate job { checkpoint required }, takes 20s
          }
          or else {}
        }
        # the end
        """;
    assertThat(format(written))
        .isEqualTo(
            """
            # before all
            heal 1  # the edition

            let pager = "on"  # who

            # a fault
            fault thermal on gpu "Too \\"hot\\"" {  # why
              when     nvml.temperature >= 88.0C for 60s
              severity critical, missing freeze  # two

              # own line
              window [1, 2, 3]  # list
              # at the end
            }
            check dcgm on gpu { command ["dcgmi", "diag"], timeout 3m }  # flat
            policy p {
              try {
                migrate job { checkpoint required }, takes 20s
              }
              or else {}
            }
            # the end
            """);
  }

  @Test
  void valuesAndCommentsThatStandOneBelowTheOtherAreColumns() {
    assertThat(
            format(
                """
                heal 1
                tune hot = 88C range 80C..92C # a site may change it
                let pager = "oncall-gpu"
                fault thermal on gpu { # why
                  when nvml.temperature >= hot for 60s # seconds
                  clear when nvml.temperature < 80C for 5m # hysteresis
                  missing freeze
                  # the rest
                  severity critical # page

                  suppresses [a] same gpu, suppresses [b] same job # two
                }
                policy p {
                  on thermal, within 2m
                  budget serving
                  try { cordon node, takes 1s }
                  then { migrate job { checkpoint required }, takes 20s }
                  or else {
                    fresh
                    restart service
                    takes 20s
                  }
                  give up { page pager } # a human
                }
                """))
        .isEqualTo(
            """
            heal 1
            tune hot  = 88C range 80C..92C  # a site may change it
            let pager = "oncall-gpu"
            fault thermal on gpu {  # why
              when       nvml.temperature >= hot for 60s  # seconds
              clear when nvml.temperature < 80C for 5m    # hysteresis
              missing    freeze
              # the rest
              severity critical  # page

              suppresses [a] same gpu, suppresses [b] same job  # two
            }
            policy p {
              on     thermal, within 2m
              budget serving
              try  { cordon node, takes 1s }
              then { migrate job { checkpoint required }, takes 20s }
              or else {
                fresh
                restart service
                takes   20s
              }
              give up { page pager }  # a human
            }
            """);
  }

  @Test
  void aColumnThatWouldBeTooWideIsNone() {
    String list = "\"" + "x".repeat(112) + "\"";
    assertThat(format("heal 1\nfault f on gpu {\n  a " + list + "\n  severity critical\n}\n"))
        .contains("\n  a " + list + "\n  severity critical\n");
    assertThat(format("heal 1\nlet a = \"" + "x".repeat(75) + "\" # long\nlet b = 1 # b\n"))
        .contains("\" # long".replace(" #", "  #"), "let b = 1  # b\n");
  }

  @Test
  void whatIsTooLongIsBrokenAndStaysSo() {
    String item = "\"" + "x".repeat(50) + "\"";
    String once =
        format(
            ("heal 1\ncheck dcgm on gpu { command [%1$s, %1$s, %1$s], timeout 3m }\n"
                    + "fault f on gpu {\n  when a_%2$s == 1 and b_%2$s == 2 and c_%2$s == 3\n}\n")
                .formatted(item, "y".repeat(40)));
    assertThat(once.lines()).allMatch(line -> line.length() <= 120);
    assertThat(format(once)).isEqualTo(once);
  }

  @Test
  void aFileWithMistakesIsLeftAlone() {
    FormatResult result =
        Formatter.format(new SourceFile("a.heal", "heal 1\nfault x on gpu {\n  when == 3\n}\n"));
    assertThat(result.text()).isEmpty();
    assertThat(result.diagnostics()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tour.heal", "site.heal"})
  void theShippedExamplesAreStable(String name) throws IOException {
    String written = resource(name);
    String once = format(written);
    assertThat(format(once)).isEqualTo(once);
    assertThat(once.lines().filter(line -> line.contains("#")).count())
        .isEqualTo(written.lines().filter(line -> line.contains("#")).count());
  }

  @Test
  void windowsLineEndsBecomePlainOnes() {
    assertThat(format("heal 1\r\n# c \r\nlet a = 1\r\n")).isEqualTo("heal 1\n# c\nlet a = 1\n");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = FormatterTest.class.getResourceAsStream("/dev/heal/dsl/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String format(String text) {
    FormatResult result = Formatter.format(new SourceFile("test.heal", text));
    assertThat(result.diagnostics()).isEmpty();
    return result.text().orElseThrow();
  }
}
