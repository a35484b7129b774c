package dev.heal.engine.reload.origin;

import static dev.heal.engine.reload.origin.Bundles.MALLORY;
import static dev.heal.engine.reload.origin.Bundles.TRUST;
import static dev.heal.engine.reload.origin.Bundles.plain;
import static dev.heal.engine.reload.origin.Bundles.signed;
import static dev.heal.engine.reload.origin.Bundles.standing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Standing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real centre that comes and goes, asked on a clock that the test moves. */
@Timeout(60)
@SuppressWarnings({
  "UnnecessaryLambda",
  "ArrayRecordComponent",
  "CanonicalDuration"
}) // as they read best in a story
class PollerTest {
  private static final DoubleSupplier MIDDLE = () -> 0.5;
  private static final Duration PATIENT = Duration.ofSeconds(30);

  /** What the centre answers next; the last one again and again. */
  private sealed interface Says {
    record Status(int status, Optional<String> retryAfter) implements Says {}

    record Body(byte[] bytes, Optional<String> tag) implements Says {}
  }

  @TempDir private static Path keys;
  private static TlsHost.Identity identity;

  private final Deque<Says> says = new ArrayDeque<>();
  private final List<String> known = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final List<Duration> delays = new ArrayList<>();
  private final Deque<Runnable> due = new ArrayDeque<>();
  private final AtomicReference<Verification> verification =
      new AtomicReference<>(new Verification(Optional.of(TRUST), Standing.NEW));
  private TlsHost host;
  private Poller poller;

  @BeforeAll
  static void makeKeys() throws Exception {
    identity = TlsHost.local(keys);
  }

  @BeforeEach
  void start() throws Exception {
    host = new TlsHost(identity);
    host.at(
        "/fleet.bundle",
        exchange -> {
          String tag = exchange.getRequestHeaders().getFirst("If-None-Match");
          known.add(String.valueOf(tag));
          Says next = says.size() > 1 ? says.removeFirst() : says.getFirst();
          if (next instanceof Says.Status status) {
            status.retryAfter().ifPresent(s -> exchange.getResponseHeaders().set("Retry-After", s));
            exchange.sendResponseHeaders(status.status(), -1);
          } else if (next instanceof Says.Body body) {
            body.tag().ifPresent(t -> exchange.getResponseHeaders().set("ETag", t));
            if (tag != null && body.tag().equals(Optional.of(tag))) {
              exchange.sendResponseHeaders(304, -1);
            } else {
              exchange.sendResponseHeaders(200, body.bytes().length);
              exchange.getResponseBody().write(body.bytes());
            }
          }
        });
    poller = poller(Pace.usual(MIDDLE));
  }

  private Poller poller(Pace pace) throws Exception {
    Fetcher fetcher =
        new Fetcher(
            PATIENT,
            PATIENT,
            Optional.of(Authorities.load(identity.certificate())),
            Optional.empty());
    return new Poller(
        RemoteOrigin.centre(host.address("/fleet.bundle"), fetcher),
        pace,
        (delay, task) -> {
          delays.add(delay);
          due.add(task);
        },
        verification::get,
        new Poller.Sink() {
          @Override
          public void delivered(Candidate candidate) {
            told.add("revision " + candidate.bundle().manifest().revision());
          }

          @Override
          public void failed(Failure failure) {
            told.add(failure.word());
          }

          @Override
          public void unchanged() {
            told.add("unchanged");
          }
        });
  }

  @AfterEach
  void stop() throws IOException {
    host.close();
  }

  private void answers(Bundle bundle, String tag) {
    says.add(new Says.Body(bundle.archive(), Optional.of(tag)));
  }

  private void answers(int status) {
    says.add(new Says.Status(status, Optional.empty()));
  }

  private void ask(int times) {
    for (int i = 0; i < times; i++) {
      due.removeFirst().run();
    }
  }

  private void inForce(int revision) {
    verification.set(new Verification(Optional.of(TRUST), standing(revision)));
  }

  @Test
  void aNewBundleIsHandedOverOnceAndThenTheNext() {
    answers(signed(1), "\"1\"");
    poller.start();
    ask(1);
    inForce(1);
    ask(2);
    says.clear();
    answers(signed(2), "\"2\"");
    ask(1);
    inForce(2);
    ask(1);

    assertThat(told)
        .containsExactly("revision 1", "unchanged", "unchanged", "revision 2", "unchanged");
    assertThat(known).containsExactly("null", "\"1\"", "\"1\"", "\"1\"", "\"2\"");
    assertThat(delays).containsOnly(Duration.ZERO, Duration.ofSeconds(30));
  }

  @Test
  void aBundleThatTheCheckRefusesIsNotHandedOverAgainAndAgain() {
    says.add(new Says.Body(signed(1).archive(), Optional.empty()));
    poller.start();
    ask(3);
    poller.forget();
    ask(1);

    assertThat(told).containsExactly("revision 1", "unchanged", "unchanged", "revision 1");
  }

  @Test
  void aCentreThatFlapsIsAskedMoreSeldomUntilItIsBack() {
    answers(500);
    answers(503);
    answers(500);
    answers(signed(1), "\"1\"");
    answers(500);
    answers(signed(1), "\"1\"");
    poller.start();
    ask(6);

    assertThat(told)
        .containsExactly("status", "status", "status", "revision 1", "status", "unchanged");
    assertThat(delays)
        .containsExactly(
            Duration.ZERO,
            Duration.ofMillis(3750),
            Duration.ofMillis(7500),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofMillis(3750),
            Duration.ofSeconds(30));
  }

  @Test
  void theBackoffHasAnEndAndAServersWishIsHeard() {
    answers(500);
    poller.start();
    ask(12);
    says.clear();
    says.add(new Says.Status(503, Optional.of("900")));
    ask(1);

    assertThat(delays.get(12)).isEqualTo(Duration.ofSeconds(225));
    assertThat(delays.get(13)).isEqualTo(Duration.ofSeconds(900));
  }

  @Test
  void jitterSpreadsTheQuestions() throws Exception {
    answers(signed(1), "\"1\"");
    Deque<Double> jitter = new ArrayDeque<>(List.of(0.0, 0.999));
    Poller spread = poller(Pace.usual(jitter::removeFirst));
    spread.start();
    ask(2);

    assertThat(delays)
        .containsExactly(Duration.ZERO, Duration.ofSeconds(27), Duration.ofMillis(32994));
  }

  @Test
  void theJitterOfAHostIsItsOwnAndTheSameEachTime() {
    DoubleSupplier one = Pace.jitterOf("gpu-01");
    DoubleSupplier again = Pace.jitterOf("gpu-01");
    DoubleSupplier other = Pace.jitterOf("gpu-02");
    List<Double> values = new ArrayList<>();
    double sum = 0;
    for (int i = 0; i < 1000; i++) {
      double value = one.getAsDouble();
      assertThat(value).isEqualTo(again.getAsDouble()).isBetween(0.0, 1.0).isLessThan(1.0);
      assertThat(value).isNotEqualTo(other.getAsDouble());
      values.add(value);
      sum += value;
    }
    assertThat(values).doesNotHaveDuplicates();
    assertThat(sum / 1000).isBetween(0.45, 0.55);
  }

  @Test
  void whatIsRefusedIsAskedForAgainInFullAndTakenOnceTheKeyIsTrusted() {
    says.add(new Says.Body(signed(1, MALLORY).archive(), Optional.of("\"1\"")));
    poller.start();
    ask(2);
    verification.set(
        new Verification(
            Optional.of(
                dev.heal.engine.reload.bundle.TrustRoot.of(
                    TRUST.keys().get(0), MALLORY.publicKey())),
            Standing.NEW));
    ask(1);

    assertThat(told).containsExactly("untrusted", "untrusted", "revision 1");
    assertThat(known).containsExactly("null", "null", "null");
  }

  @Test
  void anOlderBundleAndAForkAreRefused() throws Exception {
    inForce(3);
    answers(signed(2), "\"2\"");
    says.add(
        new Says.Body(
            Bundle.build(plain(2).contents(), "fleet", 4, Optional.of(plain(2).manifest()))
                .signed(Bundles.ALICE)
                .archive(),
            Optional.of("\"4\"")));
    poller.start();
    ask(2);

    assertThat(told).containsExactly("older", "fork");
  }

  /** A cache that says `not modified` for ever does not hide a new bundle for ever. */
  @Test
  void nowAndThenTheWholeIsAskedForWhateverTheCentreSays() {
    answers(signed(1), "\"1\"");
    poller.start();
    ask(1);
    inForce(1);
    ask(Poller.FULL_EVERY);

    assertThat(known.stream().filter("null"::equals)).hasSize(2);
  }

  @Test
  void withoutKeysNobodyIsAsked() {
    answers(signed(1), "\"1\"");
    verification.set(new Verification(Optional.empty(), Standing.NEW));
    poller.start();
    ask(2);

    assertThat(told).containsExactly("unverifiable", "unverifiable");
    assertThat(known).isEmpty();
  }

  @Test
  void aClosedPollerAsksNoMore() {
    answers(signed(1), "\"1\"");
    poller.start();
    poller.close();
    ask(1);

    assertThat(due).isEmpty();
    assertThat(told).isEmpty();
    assertThat(known).isEmpty();
  }

  @Test
  void aMistakeOfOurOwnIsToldAndTheNextQuestionStillComes() throws Exception {
    answers(signed(1), "\"1\"");
    CountDownLatch told = new CountDownLatch(2);
    ScheduledExecutorService threads = Executors.newSingleThreadScheduledExecutor();
    try {
      Poller broken =
          new Poller(
              RemoteOrigin.centre(
                  host.address("/fleet.bundle"),
                  new Fetcher(PATIENT, PATIENT, Optional.empty(), Optional.empty())),
              new Pace(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1), MIDDLE),
              Poller.Timer.on(threads, bug -> told.countDown()),
              () -> {
                throw new IllegalStateException("a bug");
              },
              new Poller.Sink() {
                @Override
                public void delivered(Candidate candidate) {}

                @Override
                public void failed(Failure failure) {}

                @Override
                public void unchanged() {}
              });
      broken.start();
      told.await();
      broken.close();
    } finally {
      threads.shutdownNow();
    }
  }
}
