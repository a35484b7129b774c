package dev.heal.engine.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Runs something when the process gets SIGHUP, which then no longer ends it. Java's own way is of a
 * package that javac warns of whatever one does, and so is reached by name.
 */
final class Hangup {
  private static final String SIGNAL = "sun.misc.Signal";
  private static final String HANDLER = "sun.misc.SignalHandler";

  private Hangup() {}

  /**
   * From here on.
   *
   * @param work on a thread of its own; must not wait long
   * @return false where this virtual machine has no such way
   */
  static boolean runs(Runnable work) {
    try {
      Class<?> signal = Class.forName(SIGNAL);
      Class<?> handler = Class.forName(HANDLER);
      InvocationHandler calls =
          (proxy, method, arguments) -> {
            if (method.getDeclaringClass().equals(handler)) {
              work.run();
            }
            return null;
          };
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, calls);
      Object hup = signal.getConstructor(String.class).newInstance("HUP");
      Object unused = signal.getMethod("handle", signal, handler).invoke(null, hup, proxy);
      return true;
    } catch (ReflectiveOperationException none) {
      return false;
    }
  }
}
