package dev.heal.nvml.metric;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.binding.Device;
import dev.heal.nvml.binding.ReturnCode;
import dev.heal.nvml.binding.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The NVLinks of a GPU. A GPU has as many as NVML takes numbers for. */
final class NvLinkReader {
  /** {@code NVML_NVLINK_MAX_LINKS}. */
  private static final int MOST_LINKS = 18;

  /** {@code nvmlNvLinkErrorCounter_t}, from 0. */
  private static final List<Metric> COUNTERS =
      List.of(
          Metric.NVLINK_REPLAYS,
          Metric.NVLINK_RECOVERIES,
          Metric.NVLINK_CRC_FLIT_ERRORS,
          Metric.NVLINK_CRC_DATA_ERRORS);

  private static final List<String> LINKS =
      IntStream.range(0, MOST_LINKS).mapToObj(link -> "link " + link).toList();

  private final Device device;
  private final Samples out;
  private final List<Answer<Long>> errors = new ArrayList<>();

  NvLinkReader(Device device, Samples out) {
    this.device = device;
    this.out = out;
  }

  void read() {
    for (int link = 0; link < MOST_LINKS; link++) {
      Answer<Long> state = device.number(Symbol.NVLINK_STATE, link);
      if (link > 0 && state.problem().filter(NvLinkReader::isNoSuchLink).isPresent()) {
        break;
      }
      out.flag(Metric.NVLINK_UP, LINKS.get(link), state);
      if (state.value().isPresent()) {
        counters(link);
      }
    }
    out.count(Metric.NVLINK_ERRORS, sum());
  }

  private static boolean isNoSuchLink(Problem problem) {
    return problem.kind() == Problem.Kind.NOT_SUPPORTED
        || problem.code() == ReturnCode.INVALID_ARGUMENT;
  }

  private void counters(int link) {
    for (int counter = 0; counter < COUNTERS.size(); counter++) {
      Answer<Long> answer = device.wide(Symbol.NVLINK_ERRORS, link, counter);
      out.count(COUNTERS.get(counter), LINKS.get(link), answer);
      errors.add(answer);
    }
  }

  /**
   * Of what could be read; a counter that this GPU lacks counts nothing, one that failed spoils it.
   */
  private Answer<Long> sum() {
    long sum = 0;
    boolean counted = false;
    for (Answer<Long> answer : errors) {
      if (answer.problem().filter(p -> p.kind() != Problem.Kind.NOT_SUPPORTED).isPresent()) {
        return answer;
      }
      counted |= answer.value().isPresent();
      sum += answer.value().orElse(0L);
    }
    return counted
        ? Answer.of(sum)
        : Answer.none(Problem.Kind.NOT_SUPPORTED, "no NVLink error counter");
  }
}
