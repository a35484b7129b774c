package dev.heal.nvml.binding;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What JNA has loaded under a name: one for all who use it, for to close it takes it away from all.
 */
final class LoadedLibrary {
  private static final Map<String, LoadedLibrary> LOADED = new HashMap<>();

  private final String name;
  private final NativeLibrary library;
  private final Map<Symbol, Function> functions = new EnumMap<>(Symbol.class);
  private final LookedUpCalls lookedUp = new LookedUpCalls(functions);
  private Optional<DirectCalls> direct = Optional.empty();
  private int users;

  private LoadedLibrary(String name) {
    this.name = name;
    this.library = NativeLibrary.getInstance(name, DirectCalls.OPTIONS);
    for (Symbol symbol : Symbol.values()) {
      lookUp(library, symbol).ifPresent(function -> functions.put(symbol, function));
    }
  }

  private static Optional<Function> lookUp(NativeLibrary library, Symbol symbol) {
    try {
      return Optional.of(library.getFunction(symbol.function()));
    } catch (UnsatisfiedLinkError missing) {
      return Optional.empty(); // an older driver
    }
  }

  /**
   * Loads it, or joins those who use it.
   *
   * @throws UnsatisfiedLinkError where it cannot be loaded
   */
  static LoadedLibrary use(String name) {
    synchronized (LOADED) {
      LoadedLibrary loaded = LOADED.computeIfAbsent(name, LoadedLibrary::new);
      loaded.users++;
      return loaded;
    }
  }

  /** Once for each use; the last one unloads it. */
  void release() {
    synchronized (LOADED) {
      users--;
      if (users == 0) {
        LOADED.remove(name);
        direct.ifPresent(mapped -> DirectCalls.letGo());
        library.close();
      }
    }
  }

  /** Those that this driver has. */
  Map<Symbol, Function> functions() {
    return functions;
  }

  /** For a library that works: a host without a driver tries again for ever. */
  Calls calls() {
    synchronized (LOADED) {
      if (direct.isEmpty()) {
        direct = DirectCalls.take(library, lookedUp);
      }
      return direct.<Calls>map(mapped -> mapped).orElse(lookedUp);
    }
  }
}
