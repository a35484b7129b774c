package dev.heal.engine.parts;

import dev.heal.nvml.fake.FakeMachine;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/**
 * Another host of this kernel (a network namespace) at the end of a cable whose delay the test
 * sets: what tc's netem does, where the kernel has no netem. Nobody listens there, so its kernel
 * refuses each connection.
 */
public final class SlowCable implements AutoCloseable {
  private final Process cable;
  private final BufferedReader said;
  private final BufferedWriter delays;
  private final String there;
  private final String host;

  private SlowCable(Process cable, String there, String host) {
    this.cable = cable;
    this.said = cable.inputReader();
    this.delays = cable.outputWriter();
    this.there = there;
    this.host = host;
  }

  /** Lays it, without delay; or skips the test. */
  public static SlowCable lay(Path folder) {
    Part.need("a slow cable", "iproute2 gcc", true, "/usr/sbin/ip", "/usr/bin/gcc");
    Assumptions.assumeTrue(
        Files.isWritable(Path.of("/dev/net/tun")), "SKIPPED: a slow cable takes /dev/net/tun");
    long pid = ProcessHandle.current().pid();
    String name = "heal" + pid % 1_000_000;
    String here = name + "a";
    String far = name + "b";
    String net = "198.18.%d.".formatted(pid % 250);
    try {
      Path program = folder.resolve("delayline");
      Path source = folder.resolve("delayline.c");
      try (InputStream text =
          Objects.requireNonNull(SlowCable.class.getResourceAsStream("delayline.c"))) {
        long unused = Files.copy(text, source);
      }
      run("/usr/bin/gcc", "-O1", "-o", program.toString(), source.toString());
      run("/usr/sbin/ip", "netns", "add", name);
      SlowCable laid =
          new SlowCable(
              new ProcessBuilder(program.toString(), here, far)
                  .redirectError(ProcessBuilder.Redirect.INHERIT)
                  .start(),
              name,
              net + "2");
      laid.ready();
      run("/usr/sbin/ip", "addr", "add", net + "1/30", "dev", here);
      run("/usr/sbin/ip", "link", "set", here, "up");
      run("/usr/sbin/ip", "link", "set", far, "netns", name);
      run("/usr/sbin/ip", "-n", name, "addr", "add", net + "2/30", "dev", far);
      run("/usr/sbin/ip", "-n", name, "link", "set", far, "up");
      return laid;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(String... command) {
    String unused = Part.run(Map.of(), List.of(command));
  }

  private void ready() throws IOException {
    String line = said.readLine();
    if (!"ready".equals(line)) {
      throw new IOException("the cable is not there: " + line);
    }
  }

  /** Where the other host is. */
  public String host() {
    return host;
  }

  /** From now on each packet takes so long, there and back each. */
  public void delay(int millis) {
    try {
      delays.write(millis + "\n");
      delays.flush();
      ready();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing comes through any more. */
  public void cut() {
    delay(-1);
  }

  @Override
  public void close() {
    cable.destroy();
    FakeMachine.await(() -> !cable.isAlive());
    run("/usr/sbin/ip", "netns", "del", there);
  }
}
