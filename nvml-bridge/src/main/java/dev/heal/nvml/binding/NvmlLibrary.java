package dev.heal.nvml.binding;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import java.nio.file.Path;
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

  private final LoadedLibrary loaded;
  private final Map<Symbol, Function> functions;
  private final Map<Integer, String> texts = new ConcurrentHashMap<>();
  private volatile int endedBy = ReturnCode.SUCCESS;

  private NvmlLibrary(LoadedLibrary loaded) {
    this.loaded = loaded;
    this.functions = loaded.functions();
  }

  /**
   * Loads it; it is not initialised yet.
   *
   * @param name a name that the dynamic linker finds, or a path
   * @return LIBRARY_MISSING where it cannot be loaded, or is another library
   */
  public static Answer<NvmlLibrary> open(String name) {
    NvmlLibrary library;
    try {
      library = new NvmlLibrary(LoadedLibrary.use(resolved(name)));
    } catch (UnsatisfiedLinkError e) {
      return Answer.none(
          Problem.Kind.LIBRARY_MISSING, "cannot load `%s`: %s".formatted(name, reason(e)));
    }
    if (!library.has(Symbol.INIT) || !library.has(Symbol.SHUTDOWN)) {
      library.close();
      return Answer.none(
          Problem.Kind.LIBRARY_MISSING,
          "`%s` is not NVML: it has no %s".formatted(name, Symbol.INIT.function()));
    }
    return Answer.of(library);
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
    note(code);
    return code;
  }

  /** The calls about a device; whoever uses them gives codes other than 0 to {@link #refused}. */
  Calls calls() {
    return loaded.calls();
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

  /** The same of a call that has just come back: after some codes nothing works any more. */
  Problem refused(Symbol symbol, int code) {
    note(code);
    return problem(symbol, code);
  }

  private void note(int code) {
    if (ReturnCode.endsSession(code)) {
      endedBy = code;
    }
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
    loaded.release();
  }
}
