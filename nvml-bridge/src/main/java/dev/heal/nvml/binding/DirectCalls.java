package dev.heal.nvml.binding;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The functions that a poll calls, mapped directly: such a call costs a quarter of one through a
 * function that was looked up.
 *
 * <p>JNA maps the native methods of a class all at once, to one library at a time, and not at all
 * where a function is missing. So a method whose function this driver lacks is mapped to {@link
 * Symbol#INIT} in its stead, and never called; and a second library, under another name, is called
 * through looked-up functions while the first has the class. JNA never frees what a mapping takes,
 * some 3 KiB: a library that lies where the last one lay is not mapped anew.
 */
final class DirectCalls implements Calls {
  /** Options for {@link NativeLibrary}: one object, for JNA knows libraries by them. */
  static final Map<String, Object> OPTIONS =
      Map.of(Library.OPTION_FUNCTION_MAPPER, (FunctionMapper) DirectCalls::functionFor);

  private static boolean taken;
  private static Map<Symbol, Long> mapped = Map.of();

  private final LookedUpCalls others;
  private final Set<Symbol> present;

  private DirectCalls(LookedUpCalls others) {
    this.others = others;
    this.present = EnumSet.copyOf(others.addresses().keySet());
  }

  private static String functionFor(NativeLibrary library, Method method) {
    try {
      library.getFunction(method.getName());
      return method.getName();
    } catch (UnsatisfiedLinkError missing) {
      return Symbol.INIT.function(); // an older driver
    }
  }

  /** Until it is let go; empty while another library has the class. */
  static synchronized Optional<DirectCalls> take(NativeLibrary library, LookedUpCalls others) {
    if (taken) {
      return Optional.empty();
    }
    Map<Symbol, Long> addresses = others.addresses();
    if (!addresses.equals(mapped)) {
      Native.unregister(DirectCalls.class);
      mapped = Map.of();
      Native.register(DirectCalls.class, library);
      mapped = addresses;
    }
    taken = true;
    return Optional.of(new DirectCalls(others));
  }

  /** Nothing may call it any more. */
  static synchronized void letGo() {
    taken = false;
  }

  @Override
  public int read(Symbol symbol, long device, long out) {
    if (!present.contains(symbol)) {
      return ReturnCode.FUNCTION_NOT_FOUND;
    }
    return switch (symbol) {
      case MARGIN_TEMPERATURE -> nvmlDeviceGetMarginTemperature(device, out);
      case POWER_USAGE -> nvmlDeviceGetPowerUsage(device, out);
      case POWER_LIMIT -> nvmlDeviceGetPowerManagementLimit(device, out);
      case POWER_LIMIT_DEFAULT -> nvmlDeviceGetPowerManagementDefaultLimit(device, out);
      case POWER_LIMIT_ENFORCED -> nvmlDeviceGetEnforcedPowerLimit(device, out);
      case EVENT_REASONS -> nvmlDeviceGetCurrentClocksEventReasons(device, out);
      case THROTTLE_REASONS -> nvmlDeviceGetCurrentClocksThrottleReasons(device, out);
      case UTILIZATION -> nvmlDeviceGetUtilizationRates(device, out);
      case MEMORY -> nvmlDeviceGetMemoryInfo(device, out);
      case MEMORY_V2 -> nvmlDeviceGetMemoryInfo_v2(device, out);
      case REMAP_HISTOGRAM -> nvmlDeviceGetRowRemapperHistogram(device, out);
      case PCIE_REPLAYS -> nvmlDeviceGetPcieReplayCounter(device, out);
      case PCIE_GENERATION -> nvmlDeviceGetCurrPcieLinkGeneration(device, out);
      case PCIE_WIDTH -> nvmlDeviceGetCurrPcieLinkWidth(device, out);
      case PCIE_MAX_GENERATION -> nvmlDeviceGetMaxPcieLinkGeneration(device, out);
      case PCIE_MAX_WIDTH -> nvmlDeviceGetMaxPcieLinkWidth(device, out);
      case FAN_SPEED -> nvmlDeviceGetFanSpeed(device, out);
      case PERFORMANCE_STATE -> nvmlDeviceGetPerformanceState(device, out);
      case PERSISTENCE_MODE -> nvmlDeviceGetPersistenceMode(device, out);
      case COMPUTE_MODE -> nvmlDeviceGetComputeMode(device, out);
      default -> others.read(symbol, device, out);
    };
  }

  @Override
  public int readTwo(Symbol symbol, long device, long first, long second) {
    if (!present.contains(symbol)) {
      return ReturnCode.FUNCTION_NOT_FOUND;
    }
    return switch (symbol) {
      case POWER_LIMIT_CONSTRAINTS ->
          nvmlDeviceGetPowerManagementLimitConstraints(device, first, second);
      case ECC_MODE -> nvmlDeviceGetEccMode(device, first, second);
      case MIG_MODE -> nvmlDeviceGetMigMode(device, first, second);
      case COMPUTE_PROCESSES -> nvmlDeviceGetComputeRunningProcesses_v3(device, first, second);
      case COMPUTE_PROCESSES_V2 -> nvmlDeviceGetComputeRunningProcesses_v2(device, first, second);
      default -> others.readTwo(symbol, device, first, second);
    };
  }

  @Override
  public int readOf(Symbol symbol, long device, int number, long out) {
    if (!present.contains(symbol)) {
      return ReturnCode.FUNCTION_NOT_FOUND;
    }
    return switch (symbol) {
      case TEMPERATURE -> nvmlDeviceGetTemperature(device, number, out);
      case TEMPERATURE_THRESHOLD -> nvmlDeviceGetTemperatureThreshold(device, number, out);
      case CLOCK -> nvmlDeviceGetClockInfo(device, number, out);
      case MAX_CLOCK -> nvmlDeviceGetMaxClockInfo(device, number, out);
      case NVLINK_STATE -> nvmlDeviceGetNvLinkState(device, number, out);
      case FIELD_VALUES -> nvmlDeviceGetFieldValues(device, number, out);
      default -> others.readOf(symbol, device, number, out);
    };
  }

  @Override
  public int readOf(Symbol symbol, long device, int kind, int number, long out) {
    if (!present.contains(symbol)) {
      return ReturnCode.FUNCTION_NOT_FOUND;
    }
    return switch (symbol) {
      case TOTAL_ECC_ERRORS -> nvmlDeviceGetTotalEccErrors(device, kind, number, out);
      case NVLINK_ERRORS -> nvmlDeviceGetNvLinkErrorCounter(device, kind, number, out);
      default -> others.readOf(symbol, device, kind, number, out);
    };
  }

  @Override
  public int readOf(Symbol symbol, long device, int kind, int counter, int number, long out) {
    if (!present.contains(symbol)) {
      return ReturnCode.FUNCTION_NOT_FOUND;
    }
    return switch (symbol) {
      case ECC_ERRORS -> nvmlDeviceGetMemoryErrorCounter(device, kind, counter, number, out);
      default -> others.readOf(symbol, device, kind, counter, number, out);
    };
  }

  @Override
  public int readWithin(Symbol symbol, long handle, long out, int number) {
    if (!present.contains(symbol)) {
      return ReturnCode.FUNCTION_NOT_FOUND;
    }
    return switch (symbol) {
      case UUID -> nvmlDeviceGetUUID(handle, out, number);
      case EVENT_WAIT -> nvmlEventSetWait_v2(handle, out, number);
      case EVENT_WAIT_V1 -> nvmlEventSetWait(handle, out, number);
      default -> others.readWithin(symbol, handle, out, number);
    };
  }

  private static native int nvmlDeviceGetMarginTemperature(long device, long out);

  private static native int nvmlDeviceGetPowerUsage(long device, long out);

  private static native int nvmlDeviceGetPowerManagementLimit(long device, long out);

  private static native int nvmlDeviceGetPowerManagementDefaultLimit(long device, long out);

  private static native int nvmlDeviceGetEnforcedPowerLimit(long device, long out);

  private static native int nvmlDeviceGetCurrentClocksEventReasons(long device, long out);

  private static native int nvmlDeviceGetCurrentClocksThrottleReasons(long device, long out);

  private static native int nvmlDeviceGetUtilizationRates(long device, long out);

  private static native int nvmlDeviceGetMemoryInfo(long device, long out);

  private static native int nvmlDeviceGetMemoryInfo_v2(long device, long out);

  private static native int nvmlDeviceGetRowRemapperHistogram(long device, long out);

  private static native int nvmlDeviceGetPcieReplayCounter(long device, long out);

  private static native int nvmlDeviceGetCurrPcieLinkGeneration(long device, long out);

  private static native int nvmlDeviceGetCurrPcieLinkWidth(long device, long out);

  private static native int nvmlDeviceGetMaxPcieLinkGeneration(long device, long out);

  private static native int nvmlDeviceGetMaxPcieLinkWidth(long device, long out);

  private static native int nvmlDeviceGetFanSpeed(long device, long out);

  private static native int nvmlDeviceGetPerformanceState(long device, long out);

  private static native int nvmlDeviceGetPersistenceMode(long device, long out);

  private static native int nvmlDeviceGetComputeMode(long device, long out);

  private static native int nvmlDeviceGetPowerManagementLimitConstraints(
      long device, long first, long second);

  private static native int nvmlDeviceGetEccMode(long device, long first, long second);

  private static native int nvmlDeviceGetMigMode(long device, long first, long second);

  private static native int nvmlDeviceGetComputeRunningProcesses_v3(
      long device, long first, long second);

  private static native int nvmlDeviceGetComputeRunningProcesses_v2(
      long device, long first, long second);

  private static native int nvmlDeviceGetTemperature(long device, int number, long out);

  private static native int nvmlDeviceGetTemperatureThreshold(long device, int number, long out);

  private static native int nvmlDeviceGetClockInfo(long device, int number, long out);

  private static native int nvmlDeviceGetMaxClockInfo(long device, int number, long out);

  private static native int nvmlDeviceGetNvLinkState(long device, int number, long out);

  private static native int nvmlDeviceGetFieldValues(long device, int number, long out);

  private static native int nvmlDeviceGetTotalEccErrors(
      long device, int kind, int number, long out);

  private static native int nvmlDeviceGetNvLinkErrorCounter(
      long device, int kind, int number, long out);

  private static native int nvmlDeviceGetMemoryErrorCounter(
      long device, int kind, int counter, int number, long out);

  private static native int nvmlDeviceGetUUID(long handle, long out, int number);

  private static native int nvmlEventSetWait_v2(long handle, long out, int number);

  private static native int nvmlEventSetWait(long handle, long out, int number);
}
