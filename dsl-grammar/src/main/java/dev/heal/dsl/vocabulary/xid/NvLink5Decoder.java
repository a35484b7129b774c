package dev.heal.dsl.vocabulary.xid;

import java.util.ArrayList;
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
   * The worst row that fits; empty where none does.
   *
   * @param driverBranch the first number of the driver's version, such as 570
   */
  public static Optional<Decoded> decode(int xid, int intrinfo, int status, int driverBranch) {
    Decoded worst = null;
    for (Row row : Loaded.ROWS) {
      BitPattern layout = driverBranch >= NEW_LAYOUT_BRANCH ? row.current() : row.older();
      if (row.xid() == xid
          && layout.fits(intrinfo)
          && row.covers(status)
          && (worst == null || rank(row.meaning()) > rank(worst))) {
        worst = row.meaning();
      }
    }
    return Optional.ofNullable(worst);
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

  private record Row(
      int xid, BitPattern older, BitPattern current, List<Integer> statuses, Decoded meaning) {
    /**
     * Any word where the row names none; the same, or one with the row's single bit among others.
     */
    boolean covers(int status) {
      if (statuses.isEmpty()) {
        return true;
      }
      for (int known : statuses) {
        if (known == status || (Integer.bitCount(known) == 1 && (status & known) != 0)) {
          return true;
        }
      }
      return false;
    }
  }

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
