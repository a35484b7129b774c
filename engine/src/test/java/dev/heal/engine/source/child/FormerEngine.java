package dev.heal.engine.source.child;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** An engine in a process of its own, to be killed: starts a child and says which. */
final class FormerEngine implements Children.Ledger {
  private FormerEngine() {}

  public static void main(String[] arguments) throws Exception {
    Children children = new Children("test", new FormerEngine(), event -> {});
    StartResult unused = children.start(Watched.shell("survivor", arguments[0]));
    new CountDownLatch(1).await();
  }

  @Override
  public void started(String child, ProcessId process) throws IOException {
    System.out.println(process.pid() + " " + process.startTicks());
  }

  @Override
  public void gone(String child, ProcessId process) {}
}
