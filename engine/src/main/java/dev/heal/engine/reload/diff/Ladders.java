package dev.heal.engine.reload.diff;

import dev.heal.dsl.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The rungs of two policies, those with the same verbs next to each other. */
final class Ladders {
  /** A rung or step that is on one side only, or on both. */
  interface Sink {
    void added(String field, String text);

    void removed(String field, String text);

    void both(String field, Policy.Step was, Policy.Step is);
  }

  private Ladders() {}

  static void compare(List<Policy.Rung> before, List<Policy.Rung> after, Sink sink) {
    for (Alignment.Pair pair : align(before, after)) {
      if (pair.isBoth()) {
        steps(
            "rung " + (pair.after() + 1),
            before.get(pair.before()).steps(),
            after.get(pair.after()).steps(),
            sink);
      } else if (pair.before() >= 0) {
        sink.removed("rung " + (pair.before() + 1), text(before.get(pair.before())));
      } else {
        sink.added("rung " + (pair.after() + 1), text(after.get(pair.after())));
      }
    }
  }

  /** By what they do; between such, as many on both sides belong together one after the other. */
  private static List<Alignment.Pair> align(List<Policy.Rung> before, List<Policy.Rung> after) {
    List<Alignment.Pair> pairs = new ArrayList<>();
    List<Alignment.Pair> gap = new ArrayList<>();
    for (Alignment.Pair pair :
        Alignment.of(
            before.stream().map(Ladders::verbs).toList(),
            after.stream().map(Ladders::verbs).toList())) {
      if (pair.isBoth()) {
        pairs.addAll(closed(gap));
        gap.clear();
        pairs.add(pair);
      } else {
        gap.add(pair);
      }
    }
    pairs.addAll(closed(gap));
    return pairs;
  }

  private static List<Alignment.Pair> closed(List<Alignment.Pair> gap) {
    List<Integer> gone = gap.stream().map(Alignment.Pair::before).filter(i -> i >= 0).toList();
    List<Integer> fresh = gap.stream().map(Alignment.Pair::after).filter(i -> i >= 0).toList();
    if (gone.size() != fresh.size()) {
      return List.copyOf(gap);
    }
    List<Alignment.Pair> pairs = new ArrayList<>();
    for (int i = 0; i < gone.size(); i++) {
      pairs.add(new Alignment.Pair(gone.get(i), fresh.get(i)));
    }
    return pairs;
  }

  private static String verbs(Policy.Rung rung) {
    return rung.steps().stream()
        .map(step -> step.act().verb() + " " + step.act().target())
        .collect(Collectors.joining(", "));
  }

  private static void steps(
      String rung, List<Policy.Step> before, List<Policy.Step> after, Sink sink) {
    List<Alignment.Pair> pairs =
        Alignment.of(
            before.stream().map(step -> step.act().verb()).toList(),
            after.stream().map(step -> step.act().verb()).toList());
    boolean single = before.size() == 1 && after.size() == 1;
    if (single) {
      pairs = List.of(new Alignment.Pair(0, 0));
    }
    for (Alignment.Pair pair : pairs) {
      if (pair.isBoth()) {
        String heading = single ? rung : rung + " step " + (pair.after() + 1);
        sink.both(heading, before.get(pair.before()), after.get(pair.after()));
      } else if (pair.before() >= 0) {
        sink.removed(rung + " step " + (pair.before() + 1), text(before.get(pair.before())));
      } else {
        sink.added(rung + " step " + (pair.after() + 1), text(after.get(pair.after())));
      }
    }
  }

  static String text(Policy.Rung rung) {
    return rung.steps().stream().map(Ladders::text).collect(Collectors.joining(" then "));
  }

  private static String text(Policy.Step step) {
    List<String> parts = new ArrayList<>();
    Facets.of(step)
        .lines()
        .forEach(
            (word, facet) -> {
              if (word.equals("act")) {
                parts.add(facet.text());
              } else if (!word.equals("learned") || facet.text().equals("yes")) {
                parts.add(word + " " + facet.text());
              }
            });
    return String.join(", ", parts);
  }
}
