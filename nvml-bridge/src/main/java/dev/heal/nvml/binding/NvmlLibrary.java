package dev.heal.nvml.binding;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code libnvidia-ml.so.1}, loaded. Each function is looked up by itself, so that an old driver
 * lacks only what it lacks. May be called from many threads; whoever closes it makes sure that no
 * thread is inside a call.
 */
public final class NvmlLibrary implements AutoCloseable {
  /** By this name the dynamic linker finds it; {@code nvidia-ml} would miss it. */
  public static final String DEFAULT = "libnvidia-ml.so.1";

  /**
   * How many of us use what JNA has loaded under a name: it has one library for each name, and to
   * close it takes it away from all.
   */
  private static final Map<String, Integer> USERS = new HashMap<>();

  private final String name;
  private final NativeLibrary library;
  private final Map<Symbol, Function> functions;
  private final Map<Integer, String> texts = new ConcurrentHashMap<>();
  private volatile int endedBy = ReturnCode.SUCCESS;

  private NvmlLibrary(String name, NativeLibrary library) {
    this.name = name;
    this.library = library;
    this.functions = new EnumMap<>(Symbol.class);
    for (Symbol symbol : Symbol.values()) {
      lookUp(library, symbol).ifPresent(function -> functions.put(symbol, function));
    }
  }

  /**
   * Loads it; it is not initialised yet.
   *
   * @param name a name that the dynamic linker finds, or a path
   * @return LIBRARY_MISSING where it cannot be loaded, or is another library
   */
  public static Answer<NvmlLibrary> open(String name) {
    String resolved = resolved(name);
    NativeLibrary loaded;
    try {
      loaded = load(resolved);
    } catch (UnsatisfiedLinkError e) {
      return Answer.none(
          Problem.Kind.LIBRARY_MISSING, "cannot load `%s`: %s".formatted(name, reason(e)));
    }
    NvmlLibrary library = new NvmlLibrary(resolved, loaded);
    if (!library.has(Symbol.INIT) || !library.has(Symbol.SHUTDOWN)) {
      library.close();
      return Answer.none(
          Problem.Kind.LIBRARY_MISSING,
          "`%s` is not NVML: it has no %s".formatted(name, Symbol.INIT.function()));
    }
    return Answer.of(library);
  }

  private static NativeLibrary load(String name) {
    synchronized (USERS) {
      NativeLibrary loaded = NativeLibrary.getInstance(name);
      USERS.merge(name, 1, Integer::sum);
      return loaded;
    }
  }

  /** A path is taken from the working directory, as everywhere else; a name is the linker's. */
  private static String resolved(String name) {
    return name.indexOf('/') < 0 ? name : Path.of(name).toAbsolutePath().toString();
  }

  /** JNA says on the first line that it failed, and on the second what the linker said. */
  private static String reason(UnsatisfiedLinkError error) {
    List<String> lines =
        Objects.requireNonNullElse(error.getMessage(), "").lines().map(String::strip).toList();
    return lines.size() > 1 ? lines.get(1) : String.join("", lines);
  }

  private static Optional<Function> lookUp(NativeLibrary library, Symbol symbol) {
    try {
      return Optional.of(library.getFunction(symbol.function()));
    } catch (UnsatisfiedLinkError missing) {
      return Optional.empty(); // an older driver
    }
  }

  public boolean has(Symbol symbol) {
    return functions.containsKey(symbol);
  }

  /** Calls it; {@link ReturnCode#FUNCTION_NOT_FOUND} where the driver lacks it. */
  public int call(Symbol symbol, Object... arguments) {
    Function function = functions.get(symbol);
    if (function == null) {
      return ReturnCode.FUNCTION_NOT_FOUND;
    }
    int code = function.invokeInt(arguments);
    if (ReturnCode.endsSession(code)) {
      endedBy = code;
    }
    return code;
  }

  /** Why nothing works until it is loaded anew; empty while it works. */
  public Optional<Problem> endedBy() {
    int code = endedBy;
    return code == ReturnCode.SUCCESS ? Optional.empty() : Optional.of(problem(code));
  }

  /** What a return code other than 0 means. */
  public Problem problem(int code) {
    return ReturnCode.problem(code, texts.computeIfAbsent(code, this::text));
  }

  /** What a return code of this function means: one that the driver lacks is named. */
  public Problem problem(Symbol symbol, int code) {
    return code == ReturnCode.FUNCTION_NOT_FOUND
        ? new Problem(Problem.Kind.NOT_SUPPORTED, code, "the driver has no " + symbol.function())
        : problem(code);
  }

  private String text(int code) {
    Function function = functions.get(Symbol.ERROR_STRING);
    if (function == null) {
      return "NVML code " + code;
    }
    Pointer text = function.invokePointer(new Object[] {code});
    return text == null ? "NVML code " + code : text.getString(0);
  }

  /** Once; it is unloaded when nobody else uses it. */
  @Override
  public void close() {
    synchronized (USERS) {
      if (USERS.computeIfPresent(name, (n, users) -> users == 1 ? null : users - 1) == null) {
        library.close();
      }
    }
  }
}
