package dev.heal.engine.cli.run.feed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/** A process that listens until its standard output is closed. */
final class SlowlyServed {
  private SlowlyServed() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Listened loop = new Listened();
    IngestFeed feed =
        new IngestFeed(
            Listened.policies("node n1 { }").site(),
            "n1",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Map.of(),
            loop,
            loop);
    feed.start();
    System.out.println(feed.address().orElseThrow().getPort());
    Thread.currentThread().join();
  }
}
