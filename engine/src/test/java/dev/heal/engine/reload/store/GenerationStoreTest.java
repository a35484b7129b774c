package dev.heal.engine.reload.store;

import static dev.heal.engine.reload.store.Generations.TRUST;
import static dev.heal.engine.reload.store.Generations.plain;
import static dev.heal.engine.reload.store.Generations.save;
import static dev.heal.engine.reload.store.Generations.signed;
import static dev.heal.engine.reload.store.Generations.signedBundle;
import static dev.heal.engine.reload.store.Generations.unsigned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Digest;
import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.Refusal;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.bundle.Standing;
import dev.heal.engine.reload.store.GenerationStore.Listed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept can be had again, or it is said why not. */
class GenerationStoreTest {
  @TempDir private Path state;

  private GenerationStore open() throws StoreException {
    return GenerationStore.open(state, 3);
  }

  private Path record(long number) {
    return state.resolve("generations/%09d.generation".formatted(number));
  }

  private Path object(long number) {
    return state.resolve(
        "generations/objects/" + Digest.of(plain(number).archive()).hex() + ".bundle");
  }

  private static StoreException.Kind kind(ThrowingCall call) {
    return catchThrowableOfType(StoreException.class, call::run).kind();
  }

  private interface ThrowingCall {
    void run() throws Exception;
  }

  @Test
  void nothingIsKeptAtFirst() throws IOException {
    assertThat(open().list()).isEmpty();
    assertThat(open().lastGood()).isEmpty();
    assertThat(open().nextNumber()).isEqualTo(1);
    assertThat(open().standing(Optional.empty())).isEqualTo(Standing.NEW);
    assertThat(GenerationStore.look(state.resolve("nowhere")).list()).isEmpty();
    assertThat(GenerationStore.look(state.resolve("nowhere")).lastGood()).isEmpty();
  }

  @Test
  void whatIsKeptComesBackAlsoInAnotherEngine() throws Exception {
    save(open(), 1);
    open().save(signed(2, 7), signedBundle(7));

    GenerationStore store = open();

    assertThat(store.list())
        .containsExactly(
            new Listed.Whole(unsigned(1), false), new Listed.Whole(signed(2, 7), true));
    assertThat(store.load(1).generation()).isEqualTo(unsigned(1));
    assertThat(Bundle.read(store.load(1).archive()).contents()).isEqualTo(plain(1).contents());
    assertThat(TRUST.verify(store.lastGood().orElseThrow().archive()).manifest())
        .isEqualTo(plain(7).manifest());
    assertThat(store.nextNumber()).isEqualTo(3);
  }

  @Test
  void theLastFewAreKept() throws IOException {
    GenerationStore store = open();
    for (int number = 1; number <= 5; number++) {
      save(store, number);
    }

    assertThat(store.list()).extracting(Listed::number).containsExactly(3L, 4L, 5L);
    assertThat(kind(() -> store.load(1))).isEqualTo(StoreException.Kind.ABSENT);
    assertThat(files("generations/objects")).hasSize(3);
  }

  @Test
  void theSameFilesAreKeptOnce() throws IOException {
    GenerationStore store = open();
    save(store, 1);
    save(store, 2);
    Generation again = Generation.unsigned(3, 5, plain(1), "generation 1").rolledBackFrom(2);
    store.save(again, plain(1));

    assertThat(files("generations/objects")).hasSize(2);
    assertThat(store.load(3).generation()).isEqualTo(again);
    save(store, 4);
    assertThat(store.load(3).archive()).isEqualTo(plain(1).archive());
  }

  private List<Path> files(String in) throws IOException {
    try (Stream<Path> files = Files.list(state.resolve(in))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void onlyThisUserReadsThem() throws IOException {
    save(open(), 1);

    for (Path folder :
        List.of(state.resolve("generations"), state.resolve("generations/objects"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isEqualTo("rwx------");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(object(1))))
        .isEqualTo("rw-------");
  }

  @Test
  void aTornArchiveIsRefusedAndTheOneBeforeItIsTheLastGood() throws IOException {
    GenerationStore store = open();
    save(store, 1);
    save(store, 2);
    byte[] whole = Files.readAllBytes(object(2));
    Files.write(object(2), java.util.Arrays.copyOf(whole, whole.length / 2));

    assertThat(kind(() -> store.load(2))).isEqualTo(StoreException.Kind.DAMAGED);
    assertThat(store.lastGood().orElseThrow().generation().number()).isEqualTo(1);
    assertThat(store.list().get(1)).isInstanceOf(Listed.Damaged.class);
    assertThatThrownBy(() -> store.load(2)).hasMessageStartingWith("generation 2 is damaged: ");

    Files.delete(object(2));
    assertThat(kind(() -> store.load(2))).isEqualTo(StoreException.Kind.DAMAGED);
  }

  @Test
  void aTornArchiveIsWrittenAnewWhenItsFilesComeBack() throws IOException {
    GenerationStore store = open();
    save(store, 1);
    Files.write(object(1), new byte[] {1});
    store.save(Generation.unsigned(2, 5, plain(1), "the folder policies"), plain(1));

    assertThat(store.load(1).archive()).isEqualTo(plain(1).archive());
  }

  /** No byte of a record can be another one. */
  @Test
  void aTornRecordIsRefused() throws IOException {
    GenerationStore store = open();
    save(store, 1);
    save(store, 2);
    byte[] whole = Files.readAllBytes(record(2));
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= 1;
      Files.write(record(2), changed);
      assertThat(kind(() -> store.load(2))).isEqualTo(StoreException.Kind.DAMAGED);
      Files.write(record(2), java.util.Arrays.copyOf(whole, i));
      assertThat(kind(() -> store.load(2))).isEqualTo(StoreException.Kind.DAMAGED);
    }
    assertThat(store.lastGood().orElseThrow().generation().number()).isEqualTo(1);
  }

  @Test
  void whoseRecordIsTornIsNotSweptAway() throws IOException {
    GenerationStore store = open();
    save(store, 1);
    byte[] record = Files.readAllBytes(record(1));
    Files.write(record(1), new byte[0]);
    save(open(), 2);
    Files.write(record(1), record);

    assertThat(store.load(1).archive()).isEqualTo(plain(1).archive());
  }

  @Test
  void aRecordUnderAnotherNumberIsRefused() throws IOException {
    GenerationStore store = open();
    save(store, 1);
    Files.copy(record(1), record(2));

    assertThat(kind(() -> store.load(2))).isEqualTo(StoreException.Kind.DAMAGED);
  }

  @Test
  void theHighestRevisionOutlastsTheGenerationsAndTheFileOfIt() throws IOException {
    GenerationStore store = open();
    store.save(signed(1, 7), signedBundle(7));
    store.save(signed(2, 9), signedBundle(9));
    store.save(signed(3, 7).rolledBackFrom(2), signedBundle(7));
    Manifest nine = plain(9).manifest();
    Standing expected =
        new Standing(
            Optional.of("fleet"),
            Optional.empty(),
            Optional.of(nine.asAncestor()),
            java.util.Set.of(nine.digest()));

    assertThat(open().standing(Optional.empty())).isEqualTo(expected);
    assertThat(open().current()).isEqualTo(OptionalLong.of(3));
    assertThat(expected.refuses(nine)).map(Refusal::kind).hasValue(Refusal.Kind.OLDER);

    Files.write(state.resolve("generations/in-force"), new byte[] {1, 2, 3});
    assertThat(open().standing(Optional.empty())).isEqualTo(expected);
    assertThat(open().current()).isEqualTo(OptionalLong.of(3));
    Files.delete(state.resolve("generations/in-force"));
    assertThat(open().standing(Optional.empty())).isEqualTo(expected);
  }

  @Test
  void whatWasRolledBackAndIsTakenAgainIsNotWithdrawnAnyMore() throws IOException {
    GenerationStore store = open();
    store.save(signed(1, 7), signedBundle(7));
    store.save(signed(2, 9), signedBundle(9));
    store.save(signed(3, 7).rolledBackFrom(2), signedBundle(7));
    store.save(signed(4, 9).rolledBackFrom(3), signedBundle(9));

    assertThat(open().standing(Optional.empty()).withdrawn()).isEmpty();
  }

  @Test
  void numbersAreNeverGivenTwice() throws IOException {
    GenerationStore store = open();
    save(store, 5);

    assertThatThrownBy(() -> save(store, 5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.save(unsigned(6), plain(7)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(store.nextNumber()).isEqualTo(6);
  }

  @Test
  void whatAKilledEngineLeftIsSwept() throws IOException {
    save(open(), 1);
    Files.write(state.resolve("generations/in-force.tmp"), new byte[1]);
    Files.write(state.resolve("generations/objects/x.bundle.tmp"), new byte[1]);

    GenerationStore unused = open();

    assertThat(files("generations"))
        .extracting(f -> f.getFileName().toString())
        .containsExactlyInAnyOrder("000000001.generation", "in-force");
    assertThat(files("generations/objects")).hasSize(1);
  }

  @Test
  void aFolderInTheWayIsSaid() throws IOException {
    Files.writeString(state.resolve("generations"), "a file");

    assertThat(kind(this::open)).isEqualTo(StoreException.Kind.DISK);
  }

  @Test
  void aFieldCannotBreakOutOfItsLine() throws IOException {
    GenerationStore store = open();
    Generation sly =
        Generation.unsigned(1, 5, plain(1), "https://x/\nset other\nrevision 99\nsigner me");
    store.save(sly, plain(1));

    assertThat(store.load(1).generation().signed()).isEmpty();
    assertThat(Files.readString(record(1), StandardCharsets.UTF_8))
        .contains("\norigin https://x/ set other revision 99 signer me\n");
  }

  @Test
  void whoLooksMeanwhileNeverSeesDamage() throws Exception {
    GenerationStore writer = open();
    save(writer, 1);
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> looks =
          threads.submit(
              () -> {
                int count = 0;
                while (!done.get()) {
                  GenerationStore look = GenerationStore.look(state);
                  assertThat(look.list()).hasOnlyElementsOfType(Listed.Whole.class);
                  assertThat(look.lastGood()).isPresent();
                  count++;
                }
                return count;
              });
      for (int number = 2; number <= 150; number++) {
        save(writer, number);
      }
      done.set(true);
      assertThat(looks.get()).isPositive();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void theManifestOfAForeignBundleIsNotTakenForTrusted() throws Exception {
    GenerationStore store = open();
    save(store, 1);

    assertThat(
            catchThrowableOfType(
                    RefusedException.class, () -> TRUST.verify(store.load(1).archive()))
                .refusal()
                .kind())
        .isEqualTo(Refusal.Kind.UNSIGNED);
  }
}
