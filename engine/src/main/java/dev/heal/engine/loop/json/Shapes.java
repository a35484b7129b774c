package dev.heal.engine.loop.json;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What records are made of. For any thread. */
final class Shapes {
  private final Map<Class<?>, Shape> known = new ConcurrentHashMap<>();

  /** One component. */
  record Part(String name, Type type, Class<?> raw, Method accessor) {
    Object of(Object owner) {
      try {
        return accessor.invoke(owner);
      } catch (ReflectiveOperationException impossible) {
        throw new IllegalStateException(accessor + " cannot be asked", impossible);
      }
    }
  }

  /** Of one record class. */
  record Shape(List<Part> parts, Constructor<?> constructor) {
    Optional<Part> part(String name) {
      return parts.stream().filter(part -> part.name().equals(name)).findFirst();
    }

    /**
     * Makes one.
     *
     * @param values by name; what is missing is empty, false or zero
     * @throws IllegalArgumentException where the record does not take them
     */
    Object make(Map<String, Object> values) {
      Object[] arguments = new Object[parts.size()];
      for (int i = 0; i < arguments.length; i++) {
        Part part = parts.get(i);
        Object value = values.get(part.name());
        arguments[i] = value != null ? value : nothing(part.raw());
      }
      try {
        return constructor.newInstance(arguments);
      } catch (InvocationTargetException refused) {
        throw new IllegalArgumentException(
            "%s: %s".formatted(constructor.getDeclaringClass().getSimpleName(), refused.getCause()),
            refused);
      } catch (ReflectiveOperationException impossible) {
        throw new IllegalStateException(constructor + " cannot be called", impossible);
      }
    }
  }

  Shape of(Class<?> type) {
    return known.computeIfAbsent(type, Shapes::look);
  }

  private static Shape look(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalArgumentException("nothing says how to write a " + type);
    }
    List<Part> parts =
        Arrays.stream(components)
            .map(
                one -> {
                  Method accessor = one.getAccessor();
                  accessor.setAccessible(true);
                  return new Part(one.getName(), one.getGenericType(), one.getType(), accessor);
                })
            .toList();
    Class<?>[] raws = parts.stream().map(Part::raw).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(raws);
      constructor.setAccessible(true);
      return new Shape(parts, constructor);
    } catch (NoSuchMethodException impossible) {
      throw new IllegalStateException("no record: " + type, impossible);
    }
  }

  /** Whether {@link #nothing} stands for it. */
  static boolean isNothing(Object value) {
    return (value instanceof Optional<?> some && some.isEmpty())
        || (value instanceof OptionalLong number && number.isEmpty())
        || (value instanceof OptionalInt count && count.isEmpty())
        || (value instanceof Collection<?> all && all.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty())
        || Boolean.FALSE.equals(value)
        || (value instanceof Long number && number == 0)
        || (value instanceof Integer count && count == 0);
  }

  /** What a component is that is left out. */
  private static Object nothing(Class<?> raw) {
    Object found = find(raw);
    if (found == null) {
      throw new IllegalArgumentException("a " + raw.getSimpleName() + " is missing");
    }
    return found;
  }

  private static @Nullable Object find(Class<?> raw) {
    if (raw == Optional.class) {
      return Optional.empty();
    }
    if (raw == OptionalLong.class) {
      return OptionalLong.empty();
    }
    if (raw == OptionalInt.class) {
      return OptionalInt.empty();
    }
    if (raw == List.class) {
      return List.of();
    }
    if (Collection.class.isAssignableFrom(raw)) {
      return raw == NavigableSet.class ? new TreeSet<>() : Set.of();
    }
    if (Map.class.isAssignableFrom(raw)) {
      return Map.of();
    }
    if (raw == boolean.class) {
      return false;
    }
    return raw == long.class ? (Object) 0L : raw == int.class ? (Object) 0 : null;
  }

  /** The constant of an enum. */
  static Object constant(Class<?> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(one -> ((Enum<?>) one).name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "`%s` is no %s".formatted(name, type.getSimpleName())));
  }
}
