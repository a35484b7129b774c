package dev.heal.engine.fact.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * All rules, and the scan that says for a line's bytes which of them can fit. The rules of one
 * event share a bit; the first bits are the parser's own.
 */
final class RuleBook {
  static final int XID = 0;
  static final int OOM = 1;
  static final int TRACEBACK = 2;
  static final int DRIVER = 3;
  static final int ALARM = 4;
  static final int GPU_NAMED = 5;
  static final int BOOT = 6;
  static final int BYTES = 7;

  private static final List<List<String>> OWN =
      List.of(
          List.of("xid"),
          OomDumps.LITERALS,
          List.of("traceback (most recent"),
          List.of("kernel module"),
          List.of("nvrm", "error", "fail", "bug:", "panic", "call trace", "fatal", "corrupt"),
          List.of("the nvidia gpu", "gpu at pci:", "gpu at "),
          List.of("audit: type=2000", "setting system clock to"),
          List.of("\"message\":[", "\"message\" : ["));

  private static final List<String> KERNEL =
      List.of("gpu.rules", "host.rules", "memory.rules", "storage.rules", "network.rules");
  private static final List<String> SERVICE = List.of("service.rules");

  private static final RuleBook SHIPPED = load();

  private final LiteralScan scan;
  private final List<List<Rule>> kernel;
  private final List<List<Rule>> service;

  private RuleBook(LiteralScan scan, List<List<Rule>> kernel, List<List<Rule>> service) {
    this.scan = scan;
    this.kernel = kernel;
    this.service = service;
  }

  static RuleBook shipped() {
    return SHIPPED;
  }

  /** A bit for each event one of whose literals occurs. */
  long scan(byte[] bytes, int from, int to) {
    return scan.scan(bytes, from, to);
  }

  static boolean has(long mask, int bit) {
    return (mask & 1L << bit) != 0;
  }

  /** Bit by bit, what the kernel's lines with this bit can be. */
  List<List<Rule>> kernel() {
    return kernel;
  }

  /** Bit by bit, what the lines of services with this bit can be. */
  List<List<Rule>> service() {
    return service;
  }

  /** The names of all events that a parser can give. */
  static Set<String> eventNames() {
    Set<String> names = new TreeSet<>(Set.of("xid", "sxid", "oom_kill", "python_traceback"));
    SHIPPED.kernel.forEach(rules -> rules.forEach(rule -> names.add(rule.event())));
    SHIPPED.service.forEach(rules -> rules.forEach(rule -> names.add(rule.event())));
    return names;
  }

  private static RuleBook load() {
    Map<String, Integer> bits = new LinkedHashMap<>();
    List<List<String>> groups = new ArrayList<>(OWN);
    List<List<Rule>> kernel = sorted(KERNEL, bits, groups);
    List<List<Rule>> service = sorted(SERVICE, bits, groups);
    return new RuleBook(new LiteralScan(groups), kernel, service);
  }

  private static List<List<Rule>> sorted(
      List<String> files, Map<String, Integer> bits, List<List<String>> groups) {
    List<List<Rule>> byBit = new ArrayList<>();
    for (int i = 0; i < Long.SIZE; i++) {
      byBit.add(new ArrayList<>());
    }
    for (String file : files) {
      for (Rule rule : RuleFile.read(file)) {
        int bit = bits.computeIfAbsent(rule.event(), event -> groups.size());
        if (bit == groups.size()) {
          groups.add(new ArrayList<>());
        }
        groups.get(bit).addAll(rule.literals());
        byBit.get(bit).add(rule);
      }
    }
    return byBit.stream().map(List::copyOf).toList();
  }
}
