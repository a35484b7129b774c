package dev.heal.dsl.format;

import dev.heal.dsl.text.Span;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether two trees say the same: everything but places, and whether a comma or a line end parts
 * two statements. It looks at the components of the records, so that a new one is never forgotten.
 */
final class TreeComparison {
  /** What is compared of a record: all but its places. */
  private static final ClassValue<List<Method>> SAYING =
      new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
          return Stream.of(type.getRecordComponents())
              .filter(c -> c.getType() != Span.class && !c.getName().equals("afterComma"))
              .map(RecordComponent::getAccessor)
              .toList();
        }
      };

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
    for (Method accessor : SAYING.get(a.getClass())) {
      if (!same(read(accessor, a), read(accessor, b))) {
        return false;
      }
    }
    return true;
  }

  private static Object read(Method accessor, Object record) {
    try {
      return accessor.invoke(record);
    } catch (IllegalAccessException | InvocationTargetException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
