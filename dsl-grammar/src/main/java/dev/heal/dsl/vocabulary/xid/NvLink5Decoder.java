package dev.heal.dsl.vocabulary.xid;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decodes the register words of Xids 144 to 150: the first word (intrinfo) names the unit, by bit
 * patterns that changed with driver R575; the second (error status) the fault.
 */
public final class NvLink5Decoder {
  /** The first driver branch with the newer layout of intrinfo. */
  public static final int NEW_LAYOUT_BRANCH = 575;

  private NvLink5Decoder() {}

  /**
   * What a line means.
   *
   * @param action the catalogue's word: IGNORE, RESET_GPU or XID_154_EVAL
   */
  public record Decoded(String unit, boolean fatal, String action) {}

  /**
   * What the registers mean to a driver; empty where no row fits. A status word with several bits
   * means the worst of them; a bit that no row knows is nobody's to ignore.
   *
   * @param driverBranch the first number of the driver's version, such as 570
   */
  public static Optional<Decoded> decode(int xid, int intrinfo, int status, int driverBranch) {
    boolean current = driverBranch >= NEW_LAYOUT_BRANCH;
    List<Row> rows =
        Loaded.ROWS.stream()
            .filter(row -> row.xid() == xid)
            .filter(row -> (current ? row.current() : row.older()).fits(intrinfo))
            .toList();
    Optional<Decoded> whole = worst(rows, status);
    return whole.isPresent() ? whole : bitByBit(rows, status);
  }

  /**
   * The same where the driver is not known: as of the newest one, or as of one before R575 where
   * only that gives the unit that the line names.
   *
   * @param unit such as {@code RLW_REMAP}; empty where the line names none
   */
  public static Optional<Decoded> decode(int xid, int intrinfo, int status, String unit) {
    Optional<Decoded> current = decode(xid, intrinfo, status, NEW_LAYOUT_BRANCH);
    if (current.isPresent() && names(current.get().unit(), unit)) {
      return current;
    }
    Optional<Decoded> older = decode(xid, intrinfo, status, 0);
    return older.isPresent() && names(older.get().unit(), unit) ? older : current;
  }

  private static boolean names(String decoded, String unit) {
    return unit.isEmpty() || List.of(decoded.split("/", -1)).contains(unit);
  }

  private static Optional<Decoded> worst(List<Row> rows, int status) {
    return rows.stream()
        .filter(row -> row.statuses().isEmpty() || row.statuses().contains(status))
        .map(Row::meaning)
        .max(Comparator.comparingInt(NvLink5Decoder::rank));
  }

  /** Where every status word of the unit is one bit, the words are flags; else they are numbers. */
  private static Optional<Decoded> bitByBit(List<Row> rows, int status) {
    boolean flags =
        rows.stream()
            .flatMap(row -> row.statuses().stream())
            .allMatch(known -> Integer.bitCount(known) == 1);
    if (!flags) {
      return Optional.empty();
    }
    Optional<Decoded> worst = Optional.empty();
    boolean unknown = false;
    for (int left = status; left != 0; left &= left - 1) {
      Optional<Decoded> bit = worst(rows, Integer.lowestOneBit(left));
      unknown |= bit.isEmpty();
      if (bit.isPresent() && (worst.isEmpty() || rank(bit.get()) > rank(worst.get()))) {
        worst = bit;
      }
    }
    boolean unsure = unknown;
    return worst.filter(decoded -> !unsure || !decoded.action().equals("IGNORE"));
  }

  private static int rank(Decoded decoded) {
    int byAction =
        switch (decoded.action()) {
          case "RESET_GPU" -> 2;
          case "XID_154_EVAL" -> 1;
          default -> 0;
        };
    return byAction * 2 + (decoded.fatal() ? 1 : 0);
  }

  private record BitPattern(int mask, int value) {
    static BitPattern parse(String bits) {
      int mask = 0;
      int value = 0;
      for (int i = 0; i < Integer.SIZE; i++) {
        char bit = bits.charAt(i);
        mask = mask << 1 | (bit == '-' ? 0 : 1);
        value = value << 1 | (bit == '1' ? 1 : 0);
      }
      return new BitPattern(mask, value);
    }

    boolean fits(int word) {
      return (word & mask) == value;
    }
  }

  /**
   * @param statuses the status words that it is for; empty for any
   */
  private record Row(
      int xid, BitPattern older, BitPattern current, List<Integer> statuses, Decoded meaning) {}

  private static final class Loaded {
    static final List<Row> ROWS = load();

    private static List<Row> load() {
      List<Row> rows = new ArrayList<>();
      String[] unit = {};
      for (String line : Table.lines("nvlink5.txt")) {
        String[] words = line.strip().split(" ");
        if (!line.startsWith(" ")) {
          unit = words;
          continue;
        }
        List<Integer> statuses = new ArrayList<>();
        String given = words[0].equals("*") ? "" : words[0];
        for (String word : given.isEmpty() ? new String[0] : given.split("/")) {
          statuses.add(Integer.parseUnsignedInt(word.substring(2), 16));
        }
        rows.add(
            new Row(
                Integer.parseInt(unit[0]),
                BitPattern.parse(unit[1]),
                BitPattern.parse(unit[2]),
                List.copyOf(statuses),
                new Decoded(unit[3], words[1].equals("F"), words[2])));
      }
      return List.copyOf(rows);
    }
  }
}
