package dev.heal.engine.reload.diff;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What changes in meaning from one set of policies to another: the door of this package. */
public final class PolicyDiff {
  private final List<Change> changes = new ArrayList<>();

  private PolicyDiff() {}

  /** The differences, item by item, in the order of the language; none where both mean the same. */
  public static List<Change> between(CheckedPolicy before, CheckedPolicy after) {
    PolicyDiff diff = new PolicyDiff();
    Map<String, String> names = new HashMap<>();
    names.putAll(
        diff.compare(
            Change.Item.FAULT,
            described(before.faults(), fault -> fault.name()),
            described(after.faults(), fault -> fault.name())));
    List<Change> faults = diff.take();
    names.putAll(
        diff.compare(
            Change.Item.BUDGET,
            described(before.budgets(), budget -> budget.name()),
            described(after.budgets(), budget -> budget.name())));
    List<Change> budgets = diff.take();
    if (!names.isEmpty()) { // faults speak of each other: once more, with their new names
      Map<String, String> unused =
          diff.compare(
              Change.Item.FAULT,
              renamed(described(before.faults(), fault -> fault.name()), names),
              described(after.faults(), fault -> fault.name()));
      faults = diff.take();
    }
    diff.changes.addAll(faults);
    diff.policies(before, after, names);
    diff.changes.addAll(budgets);
    diff.others(before, after);
    return List.copyOf(diff.changes);
  }

  private List<Change> take() {
    List<Change> taken = List.copyOf(changes);
    changes.clear();
    return taken;
  }

  private void policies(CheckedPolicy before, CheckedPolicy after, Map<String, String> names) {
    Map<String, Described> was =
        renamed(described(before.policies(), policy -> policy.name()), names);
    Map<String, Described> is = described(after.policies(), policy -> policy.name());
    Map<String, String> renamed = compare(Change.Item.POLICY, was, is);
    order(was, is, renamed);
  }

  private void others(CheckedPolicy before, CheckedPolicy after) {
    Map<String, String> unused = new HashMap<>();
    unused.putAll(
        compare(
            Change.Item.MAINTENANCE,
            described(before.maintenances(), m -> m.name()),
            described(after.maintenances(), m -> m.name())));
    unused.putAll(
        compare(
            Change.Item.BREAKER,
            described(before.breakers(), b -> b.name()),
            described(after.breakers(), b -> b.name())));
    unused.putAll(
        compare(
            Change.Item.ACTION,
            described(before.actions().values(), a -> a.name()),
            described(after.actions().values(), a -> a.name())));
    unused.putAll(
        compare(
            Change.Item.CHECK,
            described(before.checks().values(), c -> c.name()),
            described(after.checks().values(), c -> c.name())));
    unused.putAll(
        compare(
            Change.Item.NODE,
            described(before.site().nodes(), n -> n.name()),
            described(after.site().nodes(), n -> n.name())));
    unused.putAll(
        compare(
            Change.Item.SERVICE,
            described(before.site().services(), s -> s.name()),
            described(after.site().services(), s -> s.name())));
    unused.putAll(
        compare(
            Change.Item.JOB,
            described(before.site().jobs(), j -> j.name()),
            described(after.site().jobs(), j -> j.name())));
    unused.putAll(
        compare(
            Change.Item.PAGER,
            described(before.site().pagers(), p -> p.name()),
            described(after.site().pagers(), p -> p.name())));
    unused.putAll(
        compare(
            Change.Item.TEST,
            described(before.tests(), t -> t.title()),
            described(after.tests(), t -> t.title())));
  }

  private static <T extends Record> Map<String, Described> described(
      Iterable<T> items, Function<T, String> name) {
    Map<String, Described> described = new LinkedHashMap<>();
    for (T item : items) {
      String own = name.apply(item);
      String unique = own;
      for (int i = 2; described.containsKey(unique); i++) { // tests may share a title
        unique = own + " (" + i + ")";
      }
      described.put(unique, Described.of(unique, item));
    }
    return described;
  }

  private static Map<String, Described> renamed(
      Map<String, Described> items, Map<String, String> names) {
    Map<String, Described> renamed = new LinkedHashMap<>();
    items.forEach((name, item) -> renamed.put(name, item.renamed(names)));
    return renamed;
  }

  /** Compares items by name; the names that are others now. */
  private Map<String, String> compare(
      Change.Item item, Map<String, Described> before, Map<String, Described> after) {
    Map<String, String> renamed = renames(before, after);
    for (Described was : before.values()) {
      String newName = renamed.getOrDefault(was.name(), was.name());
      Described is = after.get(newName);
      if (is == null) {
        changes.add(
            change(Change.Kind.REMOVED, item, was.name(), "")
                .sides(Optional.of(was), Optional.empty())
                .texts(Optional.of(was.headline()), Optional.empty()));
      } else if (renamed.containsKey(was.name())) {
        changes.add(
            change(Change.Kind.RENAMED, item, was.name(), "")
                .sides(Optional.of(was), Optional.of(is))
                .texts(Optional.of(was.name()), Optional.of(is.name())));
      } else {
        lines(item, was, is, "", was.facets(), is.facets());
        rungs(item, was, is);
      }
    }
    for (Described is : after.values()) {
      if (!before.containsKey(is.name()) && !renamed.containsValue(is.name())) {
        changes.add(
            change(Change.Kind.ADDED, item, is.name(), "")
                .sides(Optional.empty(), Optional.of(is))
                .texts(Optional.empty(), Optional.of(is.headline())));
      }
    }
    return renamed;
  }

  /** Only where one that is gone means what exactly one that is new means. */
  private static Map<String, String> renames(
      Map<String, Described> before, Map<String, Described> after) {
    Map<String, List<String>> gone = new HashMap<>();
    Map<String, List<String>> fresh = new HashMap<>();
    before.forEach(
        (name, item) -> {
          if (!after.containsKey(name)) {
            gone.computeIfAbsent(item.meaning(), k -> new ArrayList<>()).add(name);
          }
        });
    after.forEach(
        (name, item) -> {
          if (!before.containsKey(name)) {
            fresh.computeIfAbsent(item.meaning(), k -> new ArrayList<>()).add(name);
          }
        });
    Map<String, String> renamed = new LinkedHashMap<>();
    gone.forEach(
        (meaning, names) -> {
          List<String> candidates = fresh.getOrDefault(meaning, List.of());
          if (names.size() == 1 && candidates.size() == 1) {
            renamed.put(names.get(0), candidates.get(0));
          }
        });
    return renamed;
  }

  private void lines(
      Change.Item item, Described was, Described is, String heading, Facets before, Facets after) {
    Set<String> words = new LinkedHashSet<>(before.lines().keySet());
    words.addAll(after.lines().keySet());
    for (String word : words) {
      Optional<Facets.Facet> old = Optional.ofNullable(before.lines().get(word));
      Optional<Facets.Facet> now = Optional.ofNullable(after.lines().get(word));
      if (!old.map(Facets.Facet::meaning).equals(now.map(Facets.Facet::meaning))) {
        String field = (heading + " " + word).strip();
        for (LineChange line : LineChange.of(field, old, now)) {
          changes.add(
              change(Change.Kind.CHANGED, item, was.name(), line.field())
                  .sides(Optional.of(was), Optional.of(is))
                  .texts(line.before(), line.after()));
        }
      }
    }
  }

  private void rungs(Change.Item item, Described was, Described is) {
    Ladders.compare(
        was.rungs(),
        is.rungs(),
        new Ladders.Sink() {
          @Override
          public void added(String field, String text) {
            one(field, Optional.empty(), Optional.of(text));
          }

          @Override
          public void removed(String field, String text) {
            one(field, Optional.of(text), Optional.empty());
          }

          @Override
          public void both(String field, Policy.Step old, Policy.Step now) {
            lines(item, was, is, field, Facets.of(old), Facets.of(now));
          }

          private void one(String field, Optional<String> before, Optional<String> after) {
            changes.add(
                change(Change.Kind.CHANGED, item, was.name(), field)
                    .sides(Optional.of(was), Optional.of(is))
                    .texts(before, after));
          }
        });
  }

  /** Policies whose place among the others is another: it decides between equals. */
  private void order(
      Map<String, Described> before, Map<String, Described> after, Map<String, String> renamed) {
    List<String> oldOrder = new ArrayList<>();
    for (String name : before.keySet()) {
      String now = renamed.getOrDefault(name, name);
      if (after.containsKey(now)) {
        oldOrder.add(now);
      }
    }
    List<String> newOrder = after.keySet().stream().filter(oldOrder::contains).toList();
    Map<String, Integer> places = new HashMap<>();
    oldOrder.forEach(name -> places.put(name, places.size()));
    for (int place : Alignment.outOfOrder(newOrder.stream().map(places::get).toList())) {
      String name = oldOrder.get(place);
      changes.add(
          change(Change.Kind.MOVED, Change.Item.POLICY, name, "order")
              .sides(Optional.empty(), Optional.ofNullable(after.get(name)))
              .texts(Optional.of(behind(oldOrder, name)), Optional.of(behind(newOrder, name))));
    }
  }

  private static String behind(List<String> order, String name) {
    int at = order.indexOf(name);
    return at == 0 ? "first" : "after " + order.get(at - 1);
  }

  private static Draft change(Change.Kind kind, Change.Item item, String name, String field) {
    return new Draft(kind, item, name, field, Optional.empty(), Optional.empty());
  }

  /** A change that does not say yet how it was and is. */
  private record Draft(
      Change.Kind kind,
      Change.Item item,
      String name,
      String field,
      Optional<String> placeBefore,
      Optional<String> placeAfter) {
    Draft sides(Optional<Described> before, Optional<Described> after) {
      return new Draft(
          kind,
          item,
          name,
          field,
          before.flatMap(Described::place),
          after.flatMap(Described::place));
    }

    Change texts(Optional<String> before, Optional<String> after) {
      return new Change(kind, item, name, field, before, after, placeBefore, placeAfter);
    }
  }
}
