package dev.heal.engine.fact.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Finds which of up to 64 groups of ASCII literals occur in a line, ignoring case, in one pass over
 * its bytes (Aho and Corasick's automaton as a table).
 */
final class LiteralScan {
  private final byte[] classes = new byte[256];
  private final int width;
  private final int[] next;
  private final long[] found;

  /**
   * @param groups the literals of group i, in lower case
   */
  LiteralScan(List<List<String>> groups) {
    if (groups.size() > Long.SIZE) {
      throw new IllegalArgumentException("at most 64 groups");
    }
    this.width = classify(groups);
    List<int[]> nodes = new ArrayList<>();
    List<Long> marks = new ArrayList<>();
    nodes.add(newNode());
    marks.add(0L);
    for (int group = 0; group < groups.size(); group++) {
      for (String literal : groups.get(group)) {
        int node = 0;
        for (int i = 0; i < literal.length(); i++) {
          int step = classes[literal.charAt(i) & 0xFF];
          if (nodes.get(node)[step] < 0) {
            nodes.get(node)[step] = nodes.size();
            nodes.add(newNode());
            marks.add(0L);
          }
          node = nodes.get(node)[step];
        }
        marks.set(node, marks.get(node) | 1L << group);
      }
    }
    this.next = new int[nodes.size() * width];
    this.found = new long[nodes.size()];
    link(nodes, marks);
  }

  /** The set of groups that occur, as bits. */
  long scan(byte[] bytes, int from, int to) {
    long mask = 0;
    int state = 0;
    for (int i = from; i < to; i++) {
      state = next[state + classes[bytes[i] & 0xFF]];
      if (state < 0) {
        state = ~state;
        mask |= found[state / width];
      }
    }
    return mask;
  }

  private int classify(List<List<String>> groups) {
    int count = 1;
    for (List<String> group : groups) {
      for (String literal : group) {
        for (int i = 0; i < literal.length(); i++) {
          char c = literal.charAt(i);
          if (classes[c] == 0) {
            classes[c] = (byte) count++;
            if (c >= 'a' && c <= 'z') {
              classes[c - 'a' + 'A'] = classes[c];
            }
          }
        }
      }
    }
    return count;
  }

  private int[] newNode() {
    int[] node = new int[width];
    Arrays.fill(node, -1);
    return node;
  }

  /**
   * Failure links, folded into the table; a state that finds something is stored as its complement.
   */
  private void link(List<int[]> nodes, List<Long> marks) {
    int[] fail = new int[nodes.size()];
    Deque<Integer> queue = new ArrayDeque<>();
    queue.add(0);
    while (!queue.isEmpty()) {
      int node = queue.remove();
      found[node] = marks.get(node) | (node == 0 ? 0 : found[fail[node]]);
      for (int step = 0; step < width; step++) {
        int child = nodes.get(node)[step];
        int fallback = node == 0 ? 0 : nodes.get(fail[node])[step];
        if (child < 0) {
          nodes.get(node)[step] = fallback;
        } else {
          fail[child] = fallback;
          queue.add(child);
        }
      }
    }
    for (int node = 0; node < nodes.size(); node++) {
      for (int step = 0; step < width; step++) {
        int target = nodes.get(node)[step];
        int row = target * width;
        next[node * width + step] = found[target] != 0 ? ~row : row;
      }
    }
  }
}
