package dev.heal.engine.source.ingest;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Heartbeats as datagrams, on a thread of its own: {@code heal 1 service:n1/llm}. Nobody is
 * answered.
 */
public final class HeartbeatDatagrams implements AutoCloseable {
  private static final int MOST_BYTES = 512;
  private static final Pattern FORM = Pattern.compile("heal 1 (\\S+)\\s*");

  private final DatagramSocket socket;
  private final IngestSink sink;
  private final Thread thread;

  /**
   * Starts to listen.
   *
   * @param address of the loopback
   * @throws IOException where that port is taken or not allowed, in an operator's words
   */
  public HeartbeatDatagrams(InetSocketAddress address, IngestSink sink) throws IOException {
    if (!address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(address + " can be reached from other hosts");
    }
    this.sink = sink;
    try {
      this.socket = new DatagramSocket(address);
    } catch (BindException e) {
      throw new IOException(
          "cannot listen on %s UDP port %d: %s"
              .formatted(address.getAddress().getHostAddress(), address.getPort(), e.getMessage()),
          e);
    }
    this.thread = new Thread(this::listen, "heal-heartbeats");
    thread.setDaemon(true);
    thread.start();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  @Override
  public void close() {
    socket.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() {
    byte[] buffer = new byte[MOST_BYTES + 1]; // one more, to see that it was longer
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    while (!socket.isClosed()) {
      try {
        packet.setLength(buffer.length);
        socket.receive(packet);
        take(packet);
      } catch (SocketException e) {
        if (!socket.isClosed()) { // that is how it is told to end
          sink.refused("datagrams cannot be received any more: " + e.getMessage());
        }
        return;
      } catch (IOException e) {
        sink.refused("a datagram cannot be read: " + e.getMessage());
      }
    }
  }

  private void take(DatagramPacket packet) {
    if (packet.getLength() > MOST_BYTES) {
      sink.refused("a datagram is longer than 512 bytes");
      return;
    }
    String text =
        new String(
            packet.getData(), packet.getOffset(), packet.getLength(), StandardCharsets.UTF_8);
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      sink.refused("a datagram is not of the form `heal 1 service:n1/llm`");
      return;
    }
    Reply unused = sink.heartbeat(form.group(1)); // whom the sink does not know, it counts
  }
}
