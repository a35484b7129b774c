package dev.heal.nvml.binding;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.util.EnumMap;
import java.util.Map;

/** Calls through functions that were looked up, each by itself. */
final class LookedUpCalls implements Calls {
  private final Map<Symbol, Function> functions;

  LookedUpCalls(Map<Symbol, Function> functions) {
    this.functions = functions;
  }

  /** Where they lie. */
  Map<Symbol, Long> addresses() {
    Map<Symbol, Long> addresses = new EnumMap<>(Symbol.class);
    functions.forEach((symbol, function) -> addresses.put(symbol, Pointer.nativeValue(function)));
    return addresses;
  }

  private int call(Symbol symbol, Object... arguments) {
    Function function = functions.get(symbol);
    return function == null ? ReturnCode.FUNCTION_NOT_FOUND : function.invokeInt(arguments);
  }

  @Override
  public int read(Symbol symbol, long device, long out) {
    return call(symbol, device, out);
  }

  @Override
  public int readTwo(Symbol symbol, long device, long first, long second) {
    return call(symbol, device, first, second);
  }

  @Override
  public int readOf(Symbol symbol, long device, int number, long out) {
    return call(symbol, device, number, out);
  }

  @Override
  public int readOf(Symbol symbol, long device, int kind, int number, long out) {
    return call(symbol, device, kind, number, out);
  }

  @Override
  public int readOf(Symbol symbol, long device, int kind, int counter, int number, long out) {
    return call(symbol, device, kind, counter, number, out);
  }

  @Override
  public int readWithin(Symbol symbol, long handle, long out, int number) {
    return call(symbol, handle, out, number);
  }
}
