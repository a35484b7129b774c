package dev.heal.nvml.binding;

/**
 * The ways to call a function about a device, one for each list of parameters. Handles and places
 * in memory are addresses: whoever calls keeps that memory until the call is back. {@link
 * ReturnCode#FUNCTION_NOT_FOUND} where the driver lacks the function.
 */
interface Calls {
  /** {@code function(device, out)}. */
  int read(Symbol symbol, long device, long out);

  /** {@code function(device, first, second)}: two places in memory. */
  int readTwo(Symbol symbol, long device, long first, long second);

  /** {@code function(device, number, out)}. */
  int readOf(Symbol symbol, long device, int number, long out);

  /** {@code function(device, kind, number, out)}. */
  int readOf(Symbol symbol, long device, int kind, int number, long out);

  /** {@code function(device, kind, counter, number, out)}. */
  int readOf(Symbol symbol, long device, int kind, int counter, int number, long out);

  /** {@code function(handle, out, number)}: the number is a length, or milliseconds. */
  int readWithin(Symbol symbol, long handle, long out, int number);
}
