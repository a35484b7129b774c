package dev.heal.engine.reload.origin;

import static dev.heal.engine.reload.origin.Bundles.MALLORY;
import static dev.heal.engine.reload.origin.Bundles.TRUST;
import static dev.heal.engine.reload.origin.Bundles.signed;
import static dev.heal.engine.reload.origin.Bundles.verified;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.heal.engine.reload.bundle.Refusal;
import dev.heal.engine.reload.bundle.Standing;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real server may do to us, and what we call it. */
@Timeout(60)
@SuppressWarnings("AddressSelection") // the loopback has one address
class RemoteOriginTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final long MOST_BYTES = 100_000;
  private static final Verification NEW = new Verification(Optional.of(TRUST), Standing.NEW);

  @TempDir private static Path keys;
  private static TlsHost.Identity identity;

  @TempDir private Path folder;
  private TlsHost host;
  private final List<String> asked = new ArrayList<>();

  @BeforeAll
  static void makeKeys() throws Exception {
    identity = TlsHost.local(keys);
  }

  @BeforeEach
  void start() throws IOException {
    host = new TlsHost(identity);
  }

  @AfterEach
  void stop() {
    host.close();
  }

  private static Fetcher fetcher(Duration deadline) throws Exception {
    return fetcher(deadline, Optional.empty());
  }

  private static Fetcher fetcher(Duration deadline, Optional<Path> token) throws Exception {
    return new Fetcher(
        deadline,
        deadline,
        Optional.of(Authorities.load(identity.certificate())),
        token,
        MOST_BYTES);
  }

  private Origin centre(String path) throws Exception {
    return RemoteOrigin.centre(host.address(path), fetcher(PATIENT));
  }

  private Origin peer() throws Exception {
    return RemoteOrigin.peer(host.address(""), fetcher(PATIENT));
  }

  private static Failure failure(Origin origin) {
    return failure(origin, Optional.empty());
  }

  private static Failure failure(Origin origin, Optional<String> known) {
    return origin
        .ask(known)
        .match(
            delivered ->
                NEW.of(origin, delivered)
                    .match(
                        good -> {
                          throw new AssertionError("taken: " + good);
                        },
                        failure -> failure),
            unchanged -> {
              throw new AssertionError("unchanged");
            },
            Origin.Failed::failure);
  }

  private static Candidate candidate(Origin origin) {
    return origin
        .ask(Optional.empty())
        .match(
            delivered ->
                NEW.of(origin, delivered)
                    .match(
                        good -> good,
                        failure -> {
                          throw new AssertionError(failure);
                        }),
            unchanged -> {
              throw new AssertionError("unchanged");
            },
            failed -> {
              throw new AssertionError(failed);
            });
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Test
  void theCentreDeliversAndThenSaysThatNothingChanged() throws Exception {
    host.at(
        "/fleet.bundle",
        exchange -> {
          String known = String.valueOf(exchange.getRequestHeaders().getFirst("If-None-Match"));
          asked.add(known);
          exchange.getResponseHeaders().set("ETag", "W/\"v7\"");
          boolean same = known.equals("W/\"v7\"");
          send(exchange, same ? 304 : 200, same ? new byte[0] : signed(7).archive());
        });
    Origin centre = centre("/fleet.bundle");

    Candidate taken = candidate(centre);
    Origin.Answer first = centre.ask(Optional.empty());
    Optional<String> tag =
        first.match(Origin.Delivered::tag, u -> Optional.empty(), f -> Optional.empty());

    assertThat(taken.bundle().manifest()).isEqualTo(signed(7).manifest());
    assertThat(taken.verified().orElseThrow().signer()).isEqualTo(Bundles.ALICE.publicKey());
    assertThat(taken.origin()).isEqualTo("the configuration centre " + host.url("/fleet.bundle"));
    assertThat(tag).hasValue("W/\"v7\"");
    assertThat(centre.ask(tag)).isEqualTo(new Origin.Unchanged());
    assertThat(asked).containsExactly("null", "null", "W/\"v7\"");
  }

  @Test
  void aPeerGivesWhatIsInForceThere() throws Exception {
    host.at("/v1/bundle", new BundleEndpoint(() -> Optional.of(verified(7))));

    assertThat(candidate(peer()).bundle().manifest()).isEqualTo(signed(7).manifest());
    assertThat(peer().ask(Optional.of(BundleEndpoint.tag(signed(7).manifest().digest()))))
        .isEqualTo(new Origin.Unchanged());
  }

  @Test
  void aPeerThatRunsOnUnsignedPoliciesHasNone() throws Exception {
    host.at("/v1/bundle", new BundleEndpoint(Optional::empty));

    Failure failure = failure(peer());

    assertThat(failure.kind()).isEqualTo(Failure.Kind.NOTHING_THERE);
    assertThat(failure.toString())
        .isEqualTo("the peer " + host.url("/v1/bundle") + ": it has no bundle (status 404)");
  }

  @Test
  void aPeerWhoseTagIsNotThatOfItsBundleLies() throws Exception {
    host.at(
        "/v1/bundle",
        exchange -> {
          exchange
              .getResponseHeaders()
              .set("ETag", BundleEndpoint.tag(signed(8).manifest().digest()));
          send(exchange, 200, signed(7).archive());
        });

    assertThat(failure(peer()).kind()).isEqualTo(Failure.Kind.CONTRADICTION);
  }

  @Test
  void aPeerWithoutATagLies() throws Exception {
    host.at("/v1/bundle", exchange -> send(exchange, 200, signed(7).archive()));

    assertThat(failure(peer()).kind()).isEqualTo(Failure.Kind.CONTRADICTION);
  }

  @Test
  void whoSaysThatNothingChangedUnaskedLies() throws Exception {
    host.at("/x", exchange -> send(exchange, 304, new byte[0]));

    assertThat(failure(centre("/x")).kind()).isEqualTo(Failure.Kind.CONTRADICTION);
    assertThat(centre("/x").ask(Optional.of("\"v7\""))).isEqualTo(new Origin.Unchanged());
  }

  @Test
  void aTagThatCannotBeSentBackIsNone() throws Exception {
    host.at(
        "/x",
        exchange -> {
          exchange.getResponseHeaders().set("ETag", "\"a b\"");
          send(exchange, 200, signed(7).archive());
        });

    Optional<String> tag =
        centre("/x")
            .ask(Optional.empty())
            .match(Origin.Delivered::tag, u -> Optional.of("?"), f -> Optional.of("?"));
    assertThat(tag).isEmpty();
  }

  @Test
  void whatIsSignedByAnotherIsRefused() throws Exception {
    host.at("/x", exchange -> send(exchange, 200, signed(7, MALLORY).archive()));

    Failure failure = failure(centre("/x"));

    assertThat(failure.kind()).isEqualTo(Failure.Kind.REFUSED);
    assertThat(failure.refusal().map(Refusal::kind)).hasValue(Refusal.Kind.UNTRUSTED);
    assertThat(failure.word()).isEqualTo("untrusted");
  }

  @Test
  void aPageOfAProxyIsNoBundle() throws Exception {
    host.at(
        "/x",
        exchange ->
            send(exchange, 200, "<html>Please log in</html>".getBytes(StandardCharsets.UTF_8)));

    assertThat(failure(centre("/x")).refusal().map(Refusal::kind))
        .hasValueSatisfying(
            kind -> assertThat(kind).isIn(Refusal.Kind.NOT_A_BUNDLE, Refusal.Kind.CUT_OFF));
  }

  @Test
  void anAnswerThatIsTooLongIsNotReadToItsEnd() throws Exception {
    host.at("/declared", exchange -> send(exchange, 200, new byte[(int) MOST_BYTES + 1]));
    CountDownLatch broken = new CountDownLatch(1);
    host.at(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            while (true) {
              body.write(new byte[8192]);
            }
          } catch (IOException gone) {
            broken.countDown();
          }
        });

    assertThat(failure(centre("/declared")).kind()).isEqualTo(Failure.Kind.TOO_BIG);
    assertThat(failure(centre("/endless")).kind()).isEqualTo(Failure.Kind.TOO_BIG);
    broken.await();
  }

  @Test
  void aServerThatNeverAnswersIsNotWaitedFor() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    host.at(
        "/x",
        exchange -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    Failure failure = failure(RemoteOrigin.centre(host.address("/x"), fetcher(SHORT)));
    end.countDown();

    assertThat(failure.kind()).isEqualTo(Failure.Kind.TIMEOUT);
    assertThat(failure.text()).isEqualTo("no whole answer within 400 ms");
  }

  /** Each byte comes in time; the whole never does. */
  @Test
  void aServerThatDripsIsGivenUpAndItsConnectionClosed() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    host.at(
        "/x",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            while (true) {
              body.write(0);
              body.flush();
              boolean unused = never.await(20, java.util.concurrent.TimeUnit.MILLISECONDS);
            }
          } catch (IOException closed) {
            gone.countDown();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    assertThat(failure(RemoteOrigin.centre(host.address("/x"), fetcher(SHORT))).kind())
        .isEqualTo(Failure.Kind.TIMEOUT);
    gone.await();
  }

  /** The connection is there; the other side never begins to speak TLS. */
  @Test
  void aServerThatAcceptsAndIsSilentIsNotWaitedFor() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      Address address =
          Address.parse("https://127.0.0.1:" + silent.getLocalPort() + "/x", false)
              .address()
              .orElseThrow();

      assertThat(failure(RemoteOrigin.centre(address, fetcher(SHORT))).kind())
          .isIn(Failure.Kind.TIMEOUT, Failure.Kind.UNREACHABLE);
    }
  }

  @Test
  void headersWithoutEndDoNotFillTheMemory() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\n" + ("X-A: " + "a".repeat(8000) + "\r\n").repeat(500);

    assertThat(raw(answer).kind()).isEqualTo(Failure.Kind.CUT_OFF);
  }

  @Test
  void anAnswerThatEndsEarlyIsCutOff() throws Exception {
    host.at(
        "/x",
        exchange -> {
          byte[] whole = signed(7).archive();
          exchange.sendResponseHeaders(200, whole.length);
          exchange.getResponseBody().write(whole, 0, whole.length / 2);
          exchange.getResponseBody().flush();
        });

    assertThat(failure(centre("/x")).kind()).isEqualTo(Failure.Kind.CUT_OFF);
  }

  private static void serve(SSLSocket socket, String answer) throws IOException {
    int newlines = 0;
    while (newlines < 2) {
      int c = socket.getInputStream().read();
      if (c < 0) {
        return;
      }
      newlines = c == '\n' ? newlines + 1 : c == '\r' ? newlines : 0;
    }
    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Byte for byte what the test says, over TLS. */
  @SuppressWarnings("try") // closed before the other side is asked
  private Failure raw(String answer) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (SSLServerSocket server =
        (SSLServerSocket)
            identity
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      Future<?> served = // each connection alike: a request without any answer is tried again
          thread.submit(
              () -> {
                while (!server.isClosed()) {
                  try (SSLSocket socket = (SSLSocket) server.accept()) {
                    serve(socket, answer);
                  } catch (IOException gone) {
                    // the next one is asked for
                  }
                }
              });
      Address address =
          Address.parse("https://127.0.0.1:" + server.getLocalPort() + "/x", false)
              .address()
              .orElseThrow();
      Failure failure = failure(RemoteOrigin.centre(address, fetcher(PATIENT)));
      server.close();
      Object unused = served.get();
      return failure;
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void brokenAnswersOfManyKinds() throws Exception {
    assertThat(raw("").kind()).isEqualTo(Failure.Kind.CUT_OFF);
    assertThat(raw("garbage\r\n\r\n").kind()).isEqualTo(Failure.Kind.CUT_OFF);
    assertThat(raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc").kind())
        .isEqualTo(Failure.Kind.CUT_OFF);
    assertThat(raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").kind())
        .isEqualTo(Failure.Kind.CUT_OFF);
    assertThat(raw("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n").kind())
        .isEqualTo(Failure.Kind.CUT_OFF);
    assertThat(raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nabc").kind())
        .isIn(Failure.Kind.CUT_OFF, Failure.Kind.TOO_BIG);
    assertThat(raw("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n").kind())
        .isIn(Failure.Kind.REDIRECT, Failure.Kind.CUT_OFF, Failure.Kind.UNREACHABLE);
    assertThat(raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").word()).isEqualTo("cut_off");
  }

  @Test
  void noMessageOfJavasReachesAnOperator() throws Exception {
    for (String answer :
        List.of("", "garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz")) {
      assertThat(raw(answer).text())
          .isEqualTo("the connection broke before the whole answer was there");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, DENIED",
    "403, DENIED",
    "404, NOTHING_THERE",
    "410, NOTHING_THERE",
    "500, STATUS",
    "204, STATUS",
    "206, STATUS",
    "418, STATUS",
    "503, STATUS"
  })
  void aStatusThatIsNoBundle(int status, Failure.Kind kind) throws Exception {
    host.at("/x", exchange -> send(exchange, status, new byte[0]));

    Failure failure = failure(centre("/x"));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.text()).contains("status " + status);
  }

  @Test
  void whoIsBusySaysWhenToComeAgain() throws Exception {
    host.at(
        "/x",
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "120");
          send(exchange, 503, new byte[0]);
        });
    host.at(
        "/never",
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "999999");
          send(exchange, 429, new byte[0]);
        });

    assertThat(retryAfter(centre("/x"))).isEqualTo(OptionalLong.of(120));
    assertThat(retryAfter(centre("/never"))).isEqualTo(OptionalLong.of(3600));
  }

  private static OptionalLong retryAfter(Origin origin) {
    return origin
        .ask(Optional.empty())
        .match(d -> OptionalLong.empty(), u -> OptionalLong.empty(), Origin.Failed::retryAfter);
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    send(exchange, 302, new byte[0]);
  }

  @Test
  void redirectsToHttpsAreFollowed() throws Exception {
    host.at("/old", exchange -> redirect(exchange, "/older"));
    host.at("/older", exchange -> redirect(exchange, host.url("/new")));
    host.at("/new", exchange -> send(exchange, 200, signed(7).archive()));

    assertThat(candidate(centre("/old")).bundle().manifest()).isEqualTo(signed(7).manifest());
  }

  @Test
  void noOtherRedirectIs() throws Exception {
    for (String to :
        List.of(
            "http://127.0.0.1:1/x",
            "http://localhost:1/x",
            "file:///etc/passwd",
            "ftp://127.0.0.1/x",
            "https://user:secret@127.0.0.1/x",
            "https:///x",
            "::")) {
      String path = "/" + Integer.toHexString(to.hashCode());
      host.at(path, exchange -> redirect(exchange, to));
      Failure failure = failure(centre(path));
      assertThat(failure.kind()).as(to).isEqualTo(Failure.Kind.REDIRECT);
      assertThat(failure.text()).doesNotContain("secret");
    }
    host.at("/loop", exchange -> redirect(exchange, "/loop"));
    assertThat(failure(centre("/loop")).text()).isEqualTo("it redirects more than 5 times");
    host.at("/nowhere", exchange -> send(exchange, 302, new byte[0]));
    assertThat(failure(centre("/nowhere")).kind()).isEqualTo(Failure.Kind.REDIRECT);
  }

  @Test
  void theTokenGoesToTheAddressAloneAndIsReadEachTime() throws Exception {
    try (TlsHost other = new TlsHost(identity)) {
      other.at(
          "/x",
          exchange -> {
            asked.add("other " + exchange.getRequestHeaders().getFirst("Authorization"));
            send(exchange, 200, signed(7).archive());
          });
      host.at(
          "/x",
          exchange -> {
            asked.add("centre " + exchange.getRequestHeaders().getFirst("Authorization"));
            redirect(exchange, other.url("/x"));
          });
      Path token = Files.writeString(folder.resolve("token"), "one\n");
      Origin centre = RemoteOrigin.centre(host.address("/x"), fetcher(PATIENT, Optional.of(token)));

      candidate(centre);
      Files.writeString(token, "two");
      candidate(centre);

      assertThat(asked)
          .containsExactly("centre Bearer one", "other null", "centre Bearer two", "other null");
      for (String bad : List.of("", "a b", "a\r\nX-Evil: 1", "\u0001")) {
        Files.writeString(token, bad);
        assertThat(failure(centre).kind()).isEqualTo(Failure.Kind.DENIED);
      }
      Files.delete(token);
      assertThat(failure(centre).text()).isEqualTo("the token in `" + token + "` cannot be read");
      assertThat(asked).hasSize(4);
    }
  }

  @Test
  @Timeout(600) // keytool makes nine keys and certificates
  void onlyServersWhoseCertificateIsRightAreTalkedTo() throws Exception {
    host.at("/x", exchange -> send(exchange, 200, signed(7).archive()));
    Fetcher system = new Fetcher(PATIENT, PATIENT, Optional.empty(), Optional.empty());
    TlsHost.Identity other = TlsHost.identity(folder, "other", "-ext", "san=dns:example.org");
    TlsHost.Identity expired =
        TlsHost.signedByAnAuthority(folder, "old", "-startdate", "-2y", "-validity", "30");
    TlsHost.Identity early =
        TlsHost.signedByAnAuthority(folder, "early", "-startdate", "+2y", "-validity", "30");

    assertThat(failure(RemoteOrigin.centre(host.address("/x"), system)).text())
        .isEqualTo("its certificate is signed by nobody whom this host trusts");
    assertThat(tls(other)).isEqualTo("its certificate is that of another host");
    assertThat(tls(expired)).isEqualTo("its certificate has expired");
    assertThat(tls(early)).isEqualTo("its certificate is not valid yet: see the clocks");
  }

  private static String tls(TlsHost.Identity identity) throws Exception {
    try (TlsHost host = new TlsHost(identity)) {
      host.at("/x", exchange -> send(exchange, 200, signed(7).archive()));
      Fetcher fetcher =
          new Fetcher(
              PATIENT,
              PATIENT,
              Optional.of(Authorities.load(identity.certificate())),
              Optional.empty());
      Failure failure = failure(RemoteOrigin.centre(host.address("/x"), fetcher));
      assertThat(failure.kind()).isEqualTo(Failure.Kind.TLS);
      return failure.text();
    }
  }

  @Test
  void aServerThatSpeaksNoTlsIsNotTalkedTo() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      Future<?> unused =
          thread.submit(
              () -> {
                while (true) { // the client may try once more
                  try (java.net.Socket socket = server.accept()) {
                    socket
                        .getOutputStream()
                        .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.getOutputStream().flush();
                    assertThat(socket.getInputStream().read(new byte[4096])).isPositive();
                  } catch (IOException closed) {
                    if (server.isClosed()) {
                      return;
                    }
                  }
                }
              });
      Address address =
          Address.parse("https://127.0.0.1:" + server.getLocalPort() + "/x", false)
              .address()
              .orElseThrow();

      assertThat(failure(RemoteOrigin.centre(address, fetcher(PATIENT))).kind())
          .isIn(Failure.Kind.TLS, Failure.Kind.CUT_OFF);
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void whoIsNotThereIsUnreachable() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      port = taken.getLocalPort();
    }
    Address closed =
        Address.parse("https://127.0.0.1:" + port + "/x", false).address().orElseThrow();
    Address unknown =
        Address.parse("https://no-such-host.invalid/x", false).address().orElseThrow();

    Failure noConnection = failure(RemoteOrigin.centre(closed, fetcher(PATIENT)));
    Failure noName = failure(RemoteOrigin.centre(unknown, fetcher(PATIENT)));

    assertThat(noConnection.kind()).isEqualTo(Failure.Kind.UNREACHABLE);
    assertThat(noConnection.text()).isEqualTo("no connection");
    assertThat(noName.kind()).isEqualTo(Failure.Kind.UNREACHABLE);
    assertThat(noName.text()).isEqualTo("its name cannot be resolved");
  }

  @ParameterizedTest
  @CsvSource({
    "https://conf.example.org/heal.bundle, true",
    "https://[::1]:9465, true",
    "http://127.0.0.1:9465, true",
    "http://localhost:9465, true",
    "http://[::1]:9465, true",
    "http://127.0.0.1.example.org, false",
    "http://localhost.example.org, false",
    "http://conf.example.org, false",
    "ftp://conf.example.org, false",
    "https://alice:secret@conf.example.org, false",
    "https://alice:secret@conf_1.example.org, false",
    "conf.example.org, false",
    "https:///x, false",
    "'https://a b', false",
    "'', false"
  })
  void addresses(String text, boolean good) {
    Address.Parsed parsed = Address.parse(text, true);

    assertThat(parsed.address().isPresent()).isEqualTo(good);
    assertThat(parsed.problem().isEmpty()).isEqualTo(good);
    assertThat(parsed.problem()).doesNotContain("secret");
  }

  @Test
  void aCentreIsAlwaysHttpsAndItsQueryIsNotShown() {
    assertThat(Address.parse("http://127.0.0.1/x", false).problem())
        .isEqualTo("`http://127.0.0.1/x` is not https");
    assertThat(
            Address.parse("https://conf.example.org/x?sig=secret", false).address().orElseThrow())
        .hasToString("https://conf.example.org/x");
  }
}
