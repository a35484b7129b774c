package dev.heal.dsl.check;

import dev.heal.dsl.policy.Fault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Faults that suppress each other. One walk over all of them, without recursion: a chain of faults
 * may be as long as a file.
 */
final class SuppressionCircles {
  private final Findings findings;
  private final Map<String, Fault> faults = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();

  /** The faults from where the walk began to where it is, each with the children still to see. */
  private final Map<String, Iterator<String>> path = new LinkedHashMap<>();

  private SuppressionCircles(List<Fault> faults, Findings findings) {
    this.findings = findings;
    faults.forEach(fault -> this.faults.put(fault.name(), fault));
  }

  static void check(List<Fault> faults, Findings findings) {
    SuppressionCircles circles = new SuppressionCircles(faults, findings);
    circles.faults.keySet().forEach(circles::walk);
    findings.leave();
  }

  private void walk(String start) {
    Deque<String> stack = new ArrayDeque<>();
    enter(start, stack);
    while (!stack.isEmpty()) {
      String here = stack.peek();
      Iterator<String> children = java.util.Objects.requireNonNull(path.get(here));
      if (!children.hasNext()) {
        path.remove(here);
        stack.pop();
        continue;
      }
      String child = children.next();
      if (path.containsKey(child)) {
        named(child);
      } else {
        enter(child, stack);
      }
    }
  }

  private void enter(String name, Deque<String> stack) {
    Fault fault = faults.get(name);
    if (fault != null && seen.add(name)) {
      stack.push(name);
      path.put(name, fault.suppresses().stream().flatMap(s -> s.children().stream()).iterator());
    }
  }

  private void named(String start) {
    List<String> circle = new ArrayList<>();
    for (String name : path.keySet()) {
      if (!circle.isEmpty() || name.equals(start)) {
        circle.add(name);
      }
    }
    Fault fault = java.util.Objects.requireNonNull(faults.get(start));
    findings.enter("fault `" + start + "`", fault.span());
    findings.add(
        CheckCode.H0506,
        fault.suppresses().get(0).span(),
        "`%s` suppresses itself: `%s` > `%s`".formatted(start, String.join("` > `", circle), start),
        "one of them is the root cause: let only that one suppress");
  }
}
