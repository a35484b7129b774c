package dev.heal.engine.fact.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.heal.engine.fact.log.LogEvent.About;
import dev.heal.engine.fact.log.LogEvent.FieldValue;
import dev.heal.engine.fact.log.LogEvent.Subject;
import dev.heal.engine.source.log.LogLine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the driver's lines say beyond themselves: which driver is in use, which GPU has which UUID,
 * which GPU the next lines speak of, which SXid the data lines belong to.
 */
final class GpuLines {
  private static final Pattern DRIVER_VERSION =
      Pattern.compile("Kernel Module(?: for \\S+)? +(\\d{3})\\.\\d+");
  private static final Pattern ADDRESS_ALONE =
      Pattern.compile("^NVRM: The NVIDIA GPU ([0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2})");
  private static final Pattern IDENTITY =
      Pattern.compile(
          "^NVRM: GPU at (?:PCI:)?([0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2})(?:\\.[0-9a-fA-F])?: "
              + "((?:GPU|MIG)-[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})");
  private static final int NEAR_LINES = 4;
  private static final int MOST_GPUS = 4_096;
  private static final int MOST_SWITCHES = 256;

  private final boolean driverGiven;
  private OptionalInt driverBranch;
  private final Map<String, String> uuids = new LinkedHashMap<>();
  private final Map<String, Integer> lastSxid = new LinkedHashMap<>();
  private String addressAlone = "";
  private long addressLine;

  GpuLines(OptionalInt driverBranch) {
    this.driverGiven = driverBranch.isPresent();
    this.driverBranch = driverBranch;
  }

  /**
   * What a line with the word Xid is.
   *
   * @param known false where it is neither an Xid nor an SXid
   * @param finding empty for a line that belongs to the one before
   */
  record Read(boolean known, Optional<Finding> finding) {
    static final Read NOTHING = new Read(false, Optional.empty());
    static final Read MORE_OF_THE_SAME = new Read(true, Optional.empty());
  }

  /** {@code NVRM: loading NVIDIA UNIX x86_64 Kernel Module 550.54.15}: a reload may change it. */
  void learnDriver(String message) {
    Matcher matcher = DRIVER_VERSION.matcher(message);
    if (!driverGiven && message.startsWith("NVRM") && matcher.find()) {
      driverBranch = OptionalInt.of(Integer.parseInt(matcher.group(1)));
    }
  }

  /**
   * {@code NVRM: GPU at PCI:0000:9b:00: GPU-5096…} and {@code NVRM: The NVIDIA GPU 0000:81:00.0}.
   */
  void learnName(LogLine line) {
    Matcher alone = ADDRESS_ALONE.matcher(line.message());
    if (alone.find()) {
      addressAlone = PciAddress.normalised(alone.group(1));
      addressLine = line.number();
    }
    Matcher identity = IDENTITY.matcher(line.message());
    if (identity.find() && uuids.size() < MOST_GPUS) {
      uuids.put(key(line, PciAddress.normalised(identity.group(1))), identity.group(2));
    }
  }

  Read read(LogLine line) {
    Optional<Finding> xid = XidLine.find(line.message(), driverBranch);
    if (xid.isPresent()) {
      return new Read(true, Optional.of(named(xid.get(), line)));
    }
    Optional<SxidLine> sxid = SxidLine.find(line.message());
    if (sxid.isEmpty()) {
      return Read.NOTHING;
    }
    String device = key(line, sxid.get().device());
    boolean same = Integer.valueOf(sxid.get().code()).equals(lastSxid.get(device));
    if (sxid.get().isDetail() && same) {
      return Read.MORE_OF_THE_SAME;
    }
    if (lastSxid.size() < MOST_SWITCHES) {
      lastSxid.put(device, sxid.get().code());
    }
    return new Read(true, Optional.of(sxid.get().finding()));
  }

  /** The finding with the GPU's UUID, where the log has told it. */
  Finding named(Finding found, LogLine line) {
    Finding whole = found;
    if (found.event().equals("gpu_fallen_off_bus")
        && found.subject().about() == About.HOST
        && line.number() - addressLine <= NEAR_LINES
        && !addressAlone.isEmpty()) {
      whole =
          new Finding(
              found.event(),
              new Subject(About.PCI_DEVICE, addressAlone),
              found.fields(),
              found.severity(),
              found.action());
    }
    String uuid = uuids.get(key(line, whole.subject().name()));
    if (whole.subject().about() != About.PCI_DEVICE || uuid == null) {
      return whole;
    }
    Map<String, FieldValue> fields = new LinkedHashMap<>(whole.fields());
    fields.put("uuid", new FieldValue.Text(uuid));
    return whole.with(fields);
  }

  private static String key(LogLine line, String device) {
    return line.host().orElse("") + ' ' + device;
  }
}
