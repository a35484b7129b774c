package dev.heal.engine.cli.control.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The socket and its protocol, with callers of all kinds. */
class ControlServerTest {
  private static final String ME = System.getProperty("user.name");

  @TempDir private Path folder;
  private final List<String> troubles = new CopyOnWriteArrayList<>();

  private Optional<ControlServer> open = Optional.empty();

  private void echo() throws IOException {
    open =
        Optional.of(
            ControlServer.open(
                folder,
                (request, by) -> new Reply("done", by + " said " + request.words(), "a\nb\n"),
                troubles::add));
  }

  @AfterEach
  void close() throws IOException {
    if (open.isPresent()) {
      open.get().close();
    }
  }

  /** What comes back to bytes that no client of ours sends. */
  private String raw(String bytes) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(folder.resolve("heal.sock")));
      ByteBuffer out = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8));
      while (out.hasRemaining()) {
        channel.write(out);
      }
      StringBuilder text = new StringBuilder();
      ByteBuffer in = ByteBuffer.allocate(1 << 16);
      while (channel.read(in) >= 0) {
        text.append(StandardCharsets.UTF_8.decode(in.flip()));
        in.clear();
      }
      return text.toString();
    }
  }

  private static Request request(String... words) {
    return new Request(List.of(words), Request.Form.PLAIN, "");
  }

  @Test
  void aRequestIsAnsweredAndTheCallerIsKnown() throws IOException {
    echo();
    assertThat(ControlClient.ask(folder, request("pause", "because=a \"b\"\nc")))
        .isEqualTo(new Reply("done", ME + " said [pause, because=a \"b\"\nc]", "a\nb\n"));
    assertThat(troubles).isEmpty();
  }

  @Test
  void rootMayActForSomebody() throws IOException {
    echo();
    Reply reply = ControlClient.ask(folder, new Request(List.of("x"), Request.Form.PLAIN, "alice"));
    assertThat(reply.message()).isEqualTo((ME.equals("root") ? "alice (root)" : ME) + " said [x]");
  }

  @Test
  void whatIsNoRequestIsRefusedInWords() throws IOException {
    echo();
    assertThat(raw("hello\n")).contains("\"failed\"", "the request cannot be read: it is no JSON");
    assertThat(raw("[]\n")).contains("no JSON object");
    assertThat(raw("{\"version\":1}\n")).contains("the request has no words");
    assertThat(raw("{\"version\":1,\"words\":7}\n")).contains("`words` is no list");
    assertThat(raw("{\"version\":1,\"words\":[\"a\"]} x\n")).contains("cannot be read");
    assertThat(raw("{\"version\":9,\"words\":[\"status\"]}\n"))
        .contains("the command speaks version 9 of the protocol, this engine version 1");
    assertThat(raw("{\"version\":1,\"words\":[\"a\"],\"later\":{\"x\":[1]}}\n"))
        .contains("said [a]");
    assertThat(raw("x".repeat(70_000) + "\n")).contains("the request has more than 65536 bytes");
    assertThat(troubles).isEmpty();
  }

  @Test
  void callersWhoSayNothingHoldNobodyUp() throws Exception {
    List<SocketChannel> silent = new ArrayList<>();
    echo();
    for (int i = 0; i < 3; i++) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(folder.resolve("heal.sock")));
      silent.add(channel);
    }
    assertThat(ControlClient.ask(folder, request("x")).outcome()).isEqualTo("done");
    for (SocketChannel channel : silent) {
      assertThat(channel.read(ByteBuffer.allocate(1))).as("it is let go").isEqualTo(-1);
      channel.close();
    }
  }

  @Test
  void anEngineThatEndsMidAnswerIsNamed() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    ControlServer server =
        ControlServer.open(
            folder,
            (request, by) -> {
              asked.countDown();
              never.await();
              return new Reply("done", "", "");
            },
            troubles::add);
    Thread ender =
        new Thread(
            () -> {
              try {
                asked.await();
                server.close();
              } catch (InterruptedException | IOException e) {
                troubles.add(e.toString());
              }
            });
    ender.start();
    assertThatThrownBy(() -> ControlClient.ask(folder, request("x")))
        .hasMessage("the engine on `%s` broke off without an answer".formatted(folder));
    ender.join();
    assertThat(folder.resolve("heal.sock")).doesNotExist();
    assertThat(troubles).isEmpty();
  }

  @Test
  void whereThereIsNoEngineThatIsSaid() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    assertThatThrownBy(() -> ControlClient.ask(nowhere, request("x")))
        .hasMessage("there is no folder `%s`".formatted(nowhere));
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> ControlClient.ask(file, request("x")))
        .hasMessage("`%s` is no folder".formatted(file));
    assertThatThrownBy(() -> ControlClient.ask(folder, request("x")))
        .hasMessage("no engine runs on `%s`".formatted(folder));
  }
}
