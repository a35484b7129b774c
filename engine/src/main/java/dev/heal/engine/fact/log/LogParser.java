package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.engine.source.log.LineFrame;
import dev.heal.engine.source.log.LineSplitter;
import dev.heal.engine.source.log.LogLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads one log and gives its events, in the order of their lines. State is what folding needs: an
 * open OOM dump and an open traceback. A line without any of the literals is never made into text.
 */
public final class LogParser {
  private static final int XID = 0;
  private static final int OOM = 1;
  private static final int TRACEBACK = 2;
  private static final int DRIVER = 3;
  private static final int ALARM = 4;
  private static final int GPU_NAMED = 5;
  private static final int FIRST_RULE = 6;
  private static final int MOST_COLLECTIVES = 256;
  private static final Pattern DRIVER_VERSION =
      Pattern.compile("Kernel Module(?: for \\S+)? +(\\d{3})\\.\\d+");
  private static final Pattern GPU_ALONE =
      Pattern.compile("^NVRM: The NVIDIA GPU ([0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2})");
  private static final List<Rule> RULES = rules();
  private static final LiteralScan SCAN = scan();

  private final LineFrame frame;
  private final Consumer<LogEvent> sink;
  private final OomFold oom = new OomFold();
  private final TracebackFold traceback = new TracebackFold();
  private final UnknownLines unknown = new UnknownLines();
  private final Set<String> collectives = new LinkedHashSet<>();
  private final boolean driverGiven;
  private OptionalInt driverBranch;
  private String namedGpu = "";
  private long lines;
  private long events;
  private long unframed;

  /**
   * What a log does not say about itself.
   *
   * @param bootedAt nanoseconds since 1970 at boot, for stamps that count from there; without it
   *     such lines have no time
   * @param year of the first line, for stamps without a year (2000 where it is not given)
   * @param driverBranch the first number of the driver's version; where it is not given it is
   *     learned from the log; until then registers are read as of R575, or as before where that
   *     fits nothing
   */
  public record Options(OptionalLong bootedAt, OptionalInt year, OptionalInt driverBranch) {
    /** Nothing is known. */
    public static Options none() {
      return new Options(OptionalLong.empty(), OptionalInt.empty(), OptionalInt.empty());
    }
  }

  public LogParser(Options options, Consumer<LogEvent> sink) {
    this.frame = new LineFrame(options.bootedAt(), options.year());
    this.sink = sink;
    this.driverGiven = options.driverBranch().isPresent();
    this.driverBranch = options.driverBranch();
  }

  /** Reads to the end of the stream and flushes; does not close it. */
  public void read(InputStream in) throws IOException {
    new LineSplitter().read(in, this::line);
    finish();
  }

  /** One line, without its line feed. */
  public void line(long number, byte[] bytes, int from, int to) {
    lines++;
    long mask = SCAN.scan(bytes, from, to);
    if (mask == 0 && !traceback.open()) {
      unframed++;
      return;
    }
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    LogLine line = frame.open(number, text);
    if (!parse(line, mask)) {
      unframed++;
      if ((mask & 1L << ALARM) != 0) {
        unknown.add(line.message());
      }
    }
  }

  /** The end of the log: what is still open is given. */
  public void finish() {
    traceback.flush().ifPresent(this::emit);
    oom.flush().ifPresent(this::emit);
  }

  private boolean parse(LogLine line, long mask) {
    boolean folded = false;
    if (!line.kernel() && (traceback.open() || (mask & 1L << TRACEBACK) != 0)) {
      if (traceback.offer(line)) {
        folded = true;
        if (!traceback.justEnded(line)) {
          return true;
        }
      } else if (traceback.waiting()) {
        traceback.flush().ifPresent(this::emit);
      }
    }
    if (mask == 0) {
      return folded;
    }
    if (line.kernel() || line.bare()) {
      if (kernel(line, mask)) {
        return true;
      }
    }
    return (!line.kernel() && service(line, mask)) || folded;
  }

  private boolean kernel(LogLine line, long mask) {
    if ((mask & 1L << DRIVER) != 0 && !driverGiven) {
      learnDriver(line.message());
    }
    if ((mask & 1L << XID) != 0) {
      Optional<Finding> found =
          XidLine.find(line.message(), driverBranch).or(() -> SxidLine.find(line.message()));
      if (found.isPresent()) {
        emit(found.get().at(line));
        return true;
      }
    }
    if ((mask & 1L << OOM) != 0 && oom.offer(line)) {
      oom.take().ifPresent(this::emit);
      return true;
    }
    if ((mask & 1L << GPU_NAMED) != 0) {
      Matcher alone = GPU_ALONE.matcher(line.message());
      namedGpu = alone.find() ? Rule.normalised(alone.group(1)) : namedGpu;
    }
    return rules(line, mask, Rule.Side.KERNEL);
  }

  private boolean service(LogLine line, long mask) {
    String message = line.message();
    if (line.identifier().orElse("").contains("fabricmanager") && !message.contains("fabric")) {
      message = "fabricmanager: " + message;
    }
    if (message.contains("terminated with exception") || message.contains("what():")) {
      return duplicate(line, mask);
    }
    return rules(line, mask, Rule.Side.SERVICE);
  }

  /** The end of a NCCL watchdog tells its time-out again. */
  private boolean duplicate(LogLine line, long mask) {
    return (!collectives.isEmpty() && line.message().contains("collective operation timeout"))
        || rules(line, mask, Rule.Side.SERVICE);
  }

  private boolean rules(LogLine line, long mask, Rule.Side side) {
    for (long left = mask >>> FIRST_RULE; left != 0; left &= left - 1) {
      Rule rule = RULES.get(Long.numberOfTrailingZeros(left));
      if (rule.side() != side) {
        continue;
      }
      Optional<Finding> found = rule.find(line.message());
      if (found.isPresent()) {
        emit(finished(found.get(), line.message()).at(line));
        return true;
      }
    }
    return false;
  }

  private Finding finished(Finding found, String message) {
    if (found.event().equals("gpu_fallen_off_bus")
        && found.subject().about() == LogEvent.About.HOST
        && !namedGpu.isEmpty()) {
      return new Finding(
          found.event(),
          new LogEvent.Subject(LogEvent.About.PCI_DEVICE, namedGpu),
          found.fields(),
          found.severity(),
          found.action());
    }
    if (found.event().equals("nccl_timeout") && collectives.size() < MOST_COLLECTIVES) {
      collectives.add(found.fields().toString());
    }
    return Refinement.of(found, message);
  }

  private void learnDriver(String message) {
    Matcher matcher = DRIVER_VERSION.matcher(message);
    if (message.startsWith("NVRM: ") && matcher.find()) {
      driverBranch = OptionalInt.of(Integer.parseInt(matcher.group(1)));
    }
  }

  private void emit(LogEvent event) {
    events++;
    sink.accept(event);
  }

  /** Lines read so far. */
  public long lines() {
    return lines;
  }

  /** Events given so far. */
  public long events() {
    return events;
  }

  /** Lines that are part of no event. */
  public long unknownCount() {
    return unframed;
  }

  /** The alarming ones among the unknown lines. */
  public UnknownLines unknown() {
    return unknown;
  }

  private static List<Rule> rules() {
    List<Rule> rules = new ArrayList<>(KernelRules.all());
    rules.addAll(ServiceRules.all());
    return List.copyOf(rules);
  }

  private static LiteralScan scan() {
    List<List<String>> groups = new ArrayList<>();
    groups.add(List.of("xid"));
    groups.add(OomFold.LITERALS);
    groups.add(List.of("traceback (most recent"));
    groups.add(List.of("kernel module"));
    groups.add(List.of("nvrm", "error", "fail", "bug:", "panic", "call trace", "fatal", "corrupt"));
    groups.add(List.of("the nvidia gpu"));
    RULES.forEach(rule -> groups.add(rule.literals()));
    return new LiteralScan(new ArrayList<>(groups));
  }

  static Set<String> eventNames() {
    Set<String> names = new HashSet<>(Set.of("xid", "sxid", "oom_kill", "python_traceback"));
    RULES.forEach(rule -> names.add(rule.event()));
    return names;
  }
}
