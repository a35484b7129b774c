package dev.heal.dsl.format;

import dev.heal.dsl.text.Span;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;

/**
 * Whether two trees say the same: everything but places, and whether a comma or a line end parts
 * two statements. It looks at the components of the records, so that a new one is never forgotten.
 */
final class TreeComparison {
  private TreeComparison() {}

  static boolean same(Object a, Object b) {
    if (a instanceof List<?> left && b instanceof List<?> right) {
      return sameItems(left, right);
    }
    if (a instanceof Optional<?> left && b instanceof Optional<?> right) {
      return left.isPresent() == right.isPresent()
          && (left.isEmpty() || same(left.get(), right.orElseThrow()));
    }
    if (a instanceof Record && a.getClass() == b.getClass()) {
      return sameComponents(a, b);
    }
    return a.equals(b);
  }

  private static boolean sameItems(List<?> left, List<?> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!same(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameComponents(Object a, Object b) {
    for (RecordComponent component : a.getClass().getRecordComponents()) {
      boolean place = component.getType() == Span.class || component.getName().equals("afterComma");
      if (!place && !same(read(component, a), read(component, b))) {
        return false;
      }
    }
    return true;
  }

  private static Object read(RecordComponent component, Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
