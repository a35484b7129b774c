package dev.heal.engine.reload.origin;

import static dev.heal.engine.reload.origin.Bundles.ALICE;
import static dev.heal.engine.reload.origin.Bundles.MALLORY;
import static dev.heal.engine.reload.origin.Bundles.TRUST;
import static dev.heal.engine.reload.origin.Bundles.signed;
import static dev.heal.engine.reload.origin.Bundles.verification;
import static dev.heal.engine.reload.origin.Bundles.verified;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Standing;
import dev.heal.engine.reload.bundle.TrustRoot;
import dev.heal.engine.reload.store.Generation;
import dev.heal.engine.reload.store.GenerationStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The state directory, then a peer, then the centre: each with real files and a real server. */
@Timeout(60)
class FallbackTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);

  @TempDir private static Path keys;
  private static TlsHost.Identity identity;

  @TempDir private Path state;
  private TlsHost host;
  private GenerationStore store;
  private Fetcher fetcher;
  private final AtomicInteger asked = new AtomicInteger();

  @BeforeAll
  static void makeKeys() throws Exception {
    identity = TlsHost.local(keys);
  }

  @BeforeEach
  void start() throws Exception {
    host = new TlsHost(identity);
    store = GenerationStore.open(state, 5);
    fetcher =
        new Fetcher(
            PATIENT,
            PATIENT,
            Optional.of(Authorities.load(identity.certificate())),
            Optional.empty());
  }

  @AfterEach
  void stop() {
    host.close();
  }

  private void keep(long number, int revision) throws IOException {
    store.save(
        Generation.signed(number, number, verified(revision), "the folder policies"),
        signed(revision));
  }

  private void serve(String path, Bundle bundle) {
    host.at(
        path,
        exchange -> {
          asked.incrementAndGet();
          byte[] archive = bundle.archive();
          exchange.getResponseHeaders().set("ETag", BundleEndpoint.tag(bundle.manifest().digest()));
          exchange.sendResponseHeaders(200, archive.length);
          exchange.getResponseBody().write(archive);
        });
  }

  private List<Origin> chain(OptionalLong except) {
    List<Origin> origins = new ArrayList<>(StoreOrigin.newestFirst(store, except));
    origins.add(RemoteOrigin.peer(host.address(""), fetcher));
    origins.add(RemoteOrigin.centre(host.address("/centre"), fetcher));
    return origins;
  }

  private Fallback.Outcome choose(Verification verification) {
    return Fallback.choose(chain(OptionalLong.empty()), verification, c -> Optional.empty());
  }

  private static final Verification NEW = new Verification(Optional.of(TRUST), Standing.NEW);

  private static long revision(Fallback.Outcome outcome) {
    return outcome.candidate().orElseThrow().bundle().manifest().revision();
  }

  private void tear() throws IOException {
    try (Stream<Path> files = Files.list(state.resolve("generations/objects"))) {
      for (Path file : files.toList()) {
        Files.write(file, new byte[] {1});
      }
    }
  }

  @Test
  void theLastGoodGenerationComesFirstAndNobodyElseIsAsked() throws IOException {
    keep(1, 1);
    keep(2, 2);
    serve("/v1/bundle", signed(3));

    Fallback.Outcome outcome = choose(NEW);

    assertThat(revision(outcome)).isEqualTo(2);
    assertThat(outcome.candidate().orElseThrow().generation()).isEqualTo(OptionalLong.of(2));
    assertThat(outcome.failures()).isEmpty();
    assertThat(outcome.lines()).containsExactly("taken from generation 2 of the state directory");
    assertThat(asked).hasValue(0);
  }

  @Test
  void aTornGenerationIsPassedOverForTheOneBefore() throws IOException {
    keep(1, 1);
    keep(2, 2);
    Files.write(
        state.resolve(
            "generations/objects/" + store.load(2).generation().archive().hex() + ".bundle"),
        new byte[] {1});

    Fallback.Outcome outcome = choose(NEW);

    assertThat(revision(outcome)).isEqualTo(1);
    assertThat(outcome.failures()).extracting(Failure::word).containsExactly("damaged");
  }

  @Test
  void thenThePeer() throws IOException {
    keep(1, 1);
    tear();
    serve("/v1/bundle", signed(3));
    serve("/centre", signed(4));

    Fallback.Outcome outcome = choose(NEW);

    assertThat(revision(outcome)).isEqualTo(3);
    assertThat(asked).hasValue(1);
  }

  @Test
  void thenTheCentre() {
    serve("/v1/bundle", signed(3, MALLORY));
    serve("/centre", signed(4));

    Fallback.Outcome outcome = choose(NEW);

    assertThat(revision(outcome)).isEqualTo(4);
    assertThat(outcome.failures())
        .extracting(Failure::word)
        .containsExactly("nothing_there", "untrusted");
  }

  @Test
  void allFailAndEachSaysWhy() throws IOException {
    keep(1, 1);
    tear();
    serve("/v1/bundle", signed(3, MALLORY));
    host.at("/centre", exchange -> exchange.sendResponseHeaders(500, -1));

    Fallback.Outcome outcome = choose(NEW);

    assertThat(outcome.candidate()).isEmpty();
    assertThat(outcome.lines())
        .hasSize(4)
        .satisfies(
            lines -> {
              assertThat(lines.get(0))
                  .startsWith("generation 1 of the state directory: generation 1 is damaged: ");
              assertThat(lines.get(1))
                  .isEqualTo(
                      "the peer %s: it is signed by %s, which is not trusted"
                          .formatted(host.url("/v1/bundle"), MALLORY.publicKey().id()));
              assertThat(lines.get(2))
                  .isEqualTo(
                      "the configuration centre %s: it answers with status 500"
                          .formatted(host.url("/centre")));
              assertThat(lines.get(3)).isEqualTo("no origin has policies that can be used");
            });
  }

  @Test
  void whatTheCheckRefusesIsPassedOver() throws IOException {
    keep(1, 1);
    serve("/v1/bundle", signed(3));

    Fallback.Outcome outcome =
        Fallback.choose(
            chain(OptionalLong.empty()),
            NEW,
            candidate ->
                candidate.bundle().manifest().revision() == 1
                    ? Optional.of("2 errors")
                    : Optional.empty());

    assertThat(revision(outcome)).isEqualTo(3);
    assertThat(outcome.failures()).extracting(Failure::word).containsExactly("unusable");
  }

  @Test
  void aRollbackDoesNotTakeWhatItLeaves() throws IOException {
    keep(1, 1);
    keep(2, 2);

    Fallback.Outcome outcome =
        Fallback.choose(chain(OptionalLong.of(2)), verification(2), candidate -> Optional.empty());

    assertThat(revision(outcome)).isEqualTo(1);
  }

  @Test
  void anOlderRevisionFromAPeerIsRefusedAndOneOfOurOwnIsNot() throws IOException {
    keep(1, 2);
    keep(2, 3);
    serve("/v1/bundle", signed(1));
    Verification now = new Verification(Optional.of(TRUST), store.standing(Optional.empty()));

    assertThat(revision(Fallback.choose(chain(OptionalLong.of(2)), now, c -> Optional.empty())))
        .isEqualTo(2);
    tear();
    assertThat(choose(now).failures())
        .extracting(Failure::word)
        .containsExactly("damaged", "damaged", "older", "nothing_there");
  }

  @Test
  void aGenerationWhoseKeyIsTrustedNoMoreIsRefused() throws IOException {
    keep(1, 1);
    TrustRoot next = TrustRoot.of(MALLORY.publicKey());
    serve("/v1/bundle", signed(3, MALLORY));

    Fallback.Outcome outcome = choose(new Verification(Optional.of(next), Standing.NEW));

    assertThat(revision(outcome)).isEqualTo(3);
    assertThat(outcome.failures()).extracting(Failure::word).containsExactly("untrusted");
  }

  @Test
  void withoutKeysOurOwnGenerationIsUsedAndNothingFromAfar() throws IOException {
    serve("/v1/bundle", signed(3));
    serve("/centre", signed(4));
    Verification none = new Verification(Optional.empty(), Standing.NEW);

    assertThat(choose(none).failures())
        .extracting(Failure::word)
        .containsExactly("nothing_there", "unverifiable", "unverifiable");
    assertThat(asked).hasValue(0);

    Bundle plain = Bundles.plain(1);
    store.save(Generation.unsigned(1, 1, plain, "the folder policies"), plain);
    assertThat(revision(choose(none))).isEqualTo(1);
    assertThat(choose(none).candidate().orElseThrow().verified()).isEmpty();
    assertThat(choose(NEW).failures())
        .extracting(Failure::word)
        .startsWith("unsigned"); // once keys are trusted, that one is nobody's
    assertThat(ALICE.publicKey()).isEqualTo(TRUST.keys().get(0));
  }
}
