package dev.heal.dsl.vocabulary.xid;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The Xids that NVIDIA documents (release r590). Loaded at the first question, then immutable. */
public final class XidCatalogue {
  private XidCatalogue() {}

  /** Empty for a code that the catalogue does not have. */
  public static Optional<XidEntry> find(int code) {
    return Optional.ofNullable(Loaded.ENTRIES.get(code));
  }

  /** By code, in ascending order. */
  public static Map<Integer, XidEntry> all() {
    return Loaded.ENTRIES;
  }

  private static final class Loaded {
    static final Map<Integer, XidEntry> ENTRIES = load();

    private static Map<Integer, XidEntry> load() {
      Map<Integer, XidEntry> entries = new TreeMap<>();
      for (String line : Table.lines("xid.txt")) {
        int colon = line.indexOf(':');
        String[] words = line.substring(0, colon).split(" ", 4);
        int slash = words[2].indexOf('/');
        int code = Integer.parseInt(words[0]);
        entries.put(
            code,
            new XidEntry(
                code,
                words[3],
                line.substring(colon + 1).strip(),
                words[1].equals("+"),
                given(words[2].substring(0, slash)),
                given(words[2].substring(slash + 1))));
      }
      return Collections.unmodifiableMap(entries);
    }

    private static String given(String word) {
      return word.equals(".") ? "" : word;
    }
  }
}
