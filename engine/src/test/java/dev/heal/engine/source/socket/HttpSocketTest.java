package dev.heal.engine.source.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Answers of engines that are slow, strange or gone. */
@Timeout(60)
class HttpSocketTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private Path path() {
    return folder.resolve("engine.sock");
  }

  /** Answers one request with these pieces, and hangs up. */
  private ServerSocketChannel serve(String... pieces) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path()));
    var unused =
        CompletableFuture.runAsync(
            () -> {
              try (SocketChannel one = server.accept()) {
                int read = one.read(ByteBuffer.allocate(4096));
                assertThat(read).isPositive();
                for (String piece : pieces) {
                  one.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)));
                }
              } catch (IOException gone) {
                throw new java.io.UncheckedIOException(gone);
              }
            });
    return server;
  }

  private Answer ask() throws IOException, InterruptedException {
    return new HttpSocket(path()).ask("GET", "/x", PATIENCE);
  }

  @Test
  void anAnswerMayComeInPieces() throws Exception {
    try (ServerSocketChannel server =
        serve("HTT", "P/1.0 200 OK\r", "\nA: b\r\n\r", "\n{\"a\"", ":1}")) {
      assertThat(server.isOpen()).isTrue();
      assertThat(ask()).isEqualTo(new Answer(200, "{\"a\":1}"));
    }
  }

  @Test
  void anotherStatusIsAnAnswerAndRefusesAStream() throws Exception {
    try (ServerSocketChannel server = serve("HTTP/1.1 404 Not Found\r\n\r\nno such\ncontainer")) {
      assertThat(server.isOpen()).isTrue();
      assertThat(ask()).isEqualTo(new Answer(404, "no such\ncontainer"));
    }
    java.nio.file.Files.delete(path());
    try (ServerSocketChannel server = serve("HTTP/1.1 501 No\r\n\r\nno such\nlog");
        HttpStream stream = new HttpSocket(path()).get("/logs")) {
      assertThat(server.isOpen()).isTrue();
      assertThatThrownBy(() -> stream.read(new byte[100], PATIENCE))
          .isInstanceOf(RefusedException.class)
          .hasMessage("the answer is 501: no such log");
    }
  }

  @Test
  void nobodyIsToldApartFromNoAnswer() throws Exception {
    assertThatThrownBy(this::ask).isInstanceOf(NobodyListensException.class);
    try (ServerSocketChannel server = serve()) {
      assertThat(server.isOpen()).isTrue();
      assertThatThrownBy(this::ask)
          .isNotInstanceOf(NobodyListensException.class)
          .hasMessage("it hung up without an answer");
    }
  }

  @Test
  void whatIsNoHttpOrInChunksIsRefused() throws Exception {
    try (ServerSocketChannel server = serve("SSH-2.0-x\r\n\r\n")) {
      assertThat(server.isOpen()).isTrue();
      assertThatThrownBy(this::ask).hasMessage("the answer is no HTTP");
    }
    java.nio.file.Files.delete(path());
    try (ServerSocketChannel server =
        serve("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx")) {
      assertThat(server.isOpen()).isTrue();
      assertThatThrownBy(this::ask).hasMessageContaining("in chunks");
    }
  }

  @Test
  void oneThatSaysNothingIsNotWaitedForWithoutEnd() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path()));
      assertThatThrownBy(() -> new HttpSocket(path()).ask("GET", "/x", Duration.ofMillis(50)))
          .hasMessageContaining("nothing came");
    }
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(path()));
      CompletableFuture<Answer> asked = new CompletableFuture<>();
      Thread asking =
          new Thread(
              () -> {
                try {
                  asked.complete(ask());
                } catch (IOException | InterruptedException e) {
                  asked.completeExceptionally(e);
                }
              });
      asking.start();
      try (SocketChannel one = server.accept()) {
        assertThat(one.isOpen()).isTrue();
        asking.interrupt();
        assertThatThrownBy(asked::get)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(InterruptedException.class);
      }
    }
  }
}
