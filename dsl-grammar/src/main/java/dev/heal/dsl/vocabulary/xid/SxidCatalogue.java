package dev.heal.dsl.vocabulary.xid;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The NVSwitch error codes that NVIDIA documents. Loaded at the first question. */
public final class SxidCatalogue {
  private SxidCatalogue() {}

  /** How bad a code is where the line does not say. */
  public enum Fatality {
    ALWAYS,
    POSSIBLE,
    NEVER
  }

  /** One code. */
  public record Entry(int code, String name, Fatality fatality) {}

  /** Empty for a code that the catalogue does not have. */
  public static Optional<Entry> find(int code) {
    return Optional.ofNullable(Loaded.ENTRIES.get(code));
  }

  private static final class Loaded {
    static final Map<Integer, Entry> ENTRIES = load();

    private static Map<Integer, Entry> load() {
      Map<Integer, Entry> entries = new TreeMap<>();
      for (String line : Table.lines("sxid.txt")) {
        String[] words = line.split(" ", 3);
        Fatality fatality =
            switch (words[0]) {
              case "F" -> Fatality.ALWAYS;
              case "P" -> Fatality.POSSIBLE;
              default -> Fatality.NEVER;
            };
        int code = Integer.parseInt(words[1]);
        entries.put(code, new Entry(code, words[2], fatality));
      }
      return Collections.unmodifiableMap(entries);
    }
  }
}
