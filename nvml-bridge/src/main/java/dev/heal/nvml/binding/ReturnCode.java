package dev.heal.nvml.binding;

import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.answer.Problem.Kind;
import java.util.Set;

/** {@code nvmlReturn_t}: the codes that mean something to us. */
public final class ReturnCode {
  public static final int SUCCESS = 0;
  public static final int UNINITIALIZED = 1;
  public static final int INVALID_ARGUMENT = 2;
  public static final int NOT_SUPPORTED = 3;
  public static final int NO_PERMISSION = 4;
  public static final int INSUFFICIENT_SIZE = 7;
  public static final int DRIVER_NOT_LOADED = 9;
  public static final int TIMEOUT = 10;
  public static final int FUNCTION_NOT_FOUND = 13;
  public static final int GPU_IS_LOST = 15;
  public static final int RESET_REQUIRED = 16;
  public static final int VERSION_MISMATCH = 18;
  public static final int ARGUMENT_VERSION_MISMATCH = 25;
  public static final int GPU_NOT_FOUND = 28;

  /** After these, nothing works until the library is loaded and initialised anew. */
  private static final Set<Integer> SESSION_ENDS =
      Set.of(UNINITIALIZED, DRIVER_NOT_LOADED, VERSION_MISMATCH);

  private ReturnCode() {}

  static boolean endsSession(int code) {
    return SESSION_ENDS.contains(code);
  }

  /** What went wrong; {@code text} is NVML's own. */
  public static Problem problem(int code, String text) {
    return new Problem(kind(code), code, text);
  }

  private static Kind kind(int code) {
    return switch (code) {
      // A structure whose version the driver does not know is a thing that it does not have.
      case NOT_SUPPORTED, FUNCTION_NOT_FOUND, ARGUMENT_VERSION_MISMATCH -> Kind.NOT_SUPPORTED;
      case NO_PERMISSION -> Kind.NO_PERMISSION;
      case GPU_IS_LOST, RESET_REQUIRED, GPU_NOT_FOUND -> Kind.GPU_LOST;
      case UNINITIALIZED, DRIVER_NOT_LOADED, VERSION_MISMATCH -> Kind.DRIVER_NOT_LOADED;
      case TIMEOUT -> Kind.TIMED_OUT;
      default -> Kind.FAILED;
    };
  }
}
