package dev.heal.engine.source.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text format of Prometheus, with the examples of its documentation. */
class SampleLineTest {
  private static final Set<String> NAMES = Set.of("m", "http_requests_total", "a_b", "my_metric");

  @Test
  void samplesAreRead() throws SampleLine.Malformed {
    assertThat(SampleLine.parse("m 1027", NAMES)).contains(sample("m", Map.of(), 1027));
    assertThat(
            SampleLine.parse(
                "http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000", NAMES))
        .contains(sample("http_requests_total", Map.of("method", "post", "code", "200"), 1027));
    assertThat(
            SampleLine.parse(
                "m{path=\"C:\\\\DIR\\\\FILE.TXT\",error=\"Cannot find \\\"FILE\\\"\\n}{,\"} 1.4e+9",
                NAMES))
        .contains(
            sample(
                "m",
                Map.of("path", "C:\\DIR\\FILE.TXT", "error", "Cannot find \"FILE\"\n}{,"),
                1.4e9));
    assertThat(SampleLine.parse("  a:b \t { x = \"1\" , } +Inf -3982045", NAMES))
        .contains(sample("a:b", Map.of("x", "1"), Double.POSITIVE_INFINITY));
    assertThat(SampleLine.parse("m{} -Inf", NAMES))
        .contains(sample("m", Map.of(), Double.NEGATIVE_INFINITY));
    assertThat(SampleLine.parse("m NaN", NAMES)).contains(sample("m", Map.of(), Double.NaN));
    assertThat(SampleLine.parse("m .5 # {trace=\"1\"} 0.67", NAMES))
        .contains(sample("m", Map.of(), 0.5));
    assertThat(SampleLine.parse("{\"my.metric\",\"a.b\"=\"c\"} 0x1p3", NAMES))
        .contains(sample("my.metric", Map.of("a.b", "c"), 8));
  }

  @Test
  void commentsAndNamesThatNobodyUsesAreLeftOut() throws SampleLine.Malformed {
    assertThat(SampleLine.parse("", NAMES)).isEmpty();
    assertThat(SampleLine.parse("# TYPE m counter", NAMES)).isEmpty();
    assertThat(SampleLine.parse("mm{x=\"1\"} 1", NAMES)).isEmpty();
    assertThat(SampleLine.parse("other{", NAMES)).as("not even looked at").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m",
        "m{",
        "m{x} 1",
        "m{x=1} 1",
        "m{x=\"1} 1",
        "m{x=\"1\" y=\"2\"} 1",
        "m{x=\"1\"}",
        "m 1.0f",
        "m 1d",
        "m one",
        "m 1 2 3",
        "m 1 x",
        "m{x=\"1\",x=\"2\"} 1",
        "9m 1",
        "{} 1",
        "m{\"m\"} 1",
        "m 0x10",
        "m 1_000"
      })
  void whatIsNoSampleIsSaidToBeNone(String line) {
    assertThatThrownBy(() -> SampleLine.parse(line, NAMES))
        .isInstanceOf(SampleLine.Malformed.class);
  }

  private static MetricSample sample(String name, Map<String, String> labels, double value) {
    return new MetricSample(name, labels, value, false);
  }
}
