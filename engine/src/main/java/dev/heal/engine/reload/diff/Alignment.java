package dev.heal.engine.reload.diff;

import java.util.ArrayList;
import java.util.List;

/** Which entries of two lists belong together: a longest common subsequence. */
final class Alignment {
  /** Indices of a pair; -1 on the side on which there is none. */
  record Pair(int before, int after) {
    boolean isBoth() {
      return before >= 0 && after >= 0;
    }
  }

  private Alignment() {}

  /** Every entry of both, in order. */
  static List<Pair> of(List<String> before, List<String> after) {
    int[][] longest = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        longest[i][j] =
            before.get(i).equals(after.get(j))
                ? longest[i + 1][j + 1] + 1
                : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    List<Pair> pairs = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        pairs.add(new Pair(i++, j++));
      } else if (j == after.size()
          || (i < before.size() && longest[i + 1][j] >= longest[i][j + 1])) {
        pairs.add(new Pair(i++, -1));
      } else {
        pairs.add(new Pair(-1, j++));
      }
    }
    return pairs;
  }

  /** Which of the entries of a permutation are not in a longest run that keeps its order. */
  static List<Integer> outOfOrder(List<Integer> permutation) {
    int size = permutation.size();
    int[] length = new int[size];
    int[] previous = new int[size];
    int best = -1;
    for (int i = 0; i < size; i++) {
      length[i] = 1;
      previous[i] = -1;
      for (int j = 0; j < i; j++) {
        if (permutation.get(j) < permutation.get(i) && length[j] + 1 > length[i]) {
          length[i] = length[j] + 1;
          previous[i] = j;
        }
      }
      if (best < 0 || length[i] > length[best]) {
        best = i;
      }
    }
    List<Integer> moved = new ArrayList<>(permutation);
    for (int i = best; i >= 0; i = previous[i]) {
      moved.remove(permutation.get(i));
    }
    return moved;
  }
}
