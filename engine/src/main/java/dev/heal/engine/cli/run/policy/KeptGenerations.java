package dev.heal.engine.cli.run.policy;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.files.Parcel;
import dev.heal.engine.reload.files.PolicyTexts;
import dev.heal.engine.reload.store.Generation;
import dev.heal.engine.reload.store.GenerationStore;
import dev.heal.engine.reload.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The generations of this engine on its disk. What cannot be kept is told, and holds nobody up. */
final class KeptGenerations {
  private final GenerationStore store;
  private final Consumer<String> teller;
  private volatile Optional<String> trouble = Optional.empty();

  /**
   * Opens them; the state folder is ours from here on.
   *
   * @throws IOException where the folder cannot be used
   */
  KeptGenerations(Path state, Consumer<String> teller) throws IOException {
    this.teller = teller;
    try {
      this.store = GenerationStore.open(state, GenerationStore.USUAL_COUNT);
    } catch (StoreException unusable) {
      throw new IOException(unusable.text() + "; " + unusable.help(), unusable);
    }
  }

  GenerationStore store() {
    return store;
  }

  /** Why the last one is not kept; empty where it is. */
  Optional<String> trouble() {
    return trouble;
  }

  /** The one that came into force last; empty where none is kept, or it is damaged. */
  Optional<Generation> last() {
    try {
      OptionalLong current = store.current();
      return current.isPresent()
          ? Optional.of(store.load(current.getAsLong()).generation())
          : Optional.empty();
    } catch (StoreException unusable) {
      return Optional.empty();
    }
  }

  /** Above every number that was ever given. */
  long next() {
    try {
      return store.nextNumber();
    } catch (StoreException unreadable) {
      notKept(unreadable.text());
      return 1;
    }
  }

  /**
   * Keeps one that is in force from now on.
   *
   * @param leaves the one that it takes the place of by an operator's wish
   */
  void keep(dev.heal.engine.reload.Generation generation, PolicyTexts texts, OptionalLong leaves) {
    if (texts.parcel().isEmpty()) {
      return;
    }
    Parcel parcel = texts.parcel().get();
    try {
      long number = generation.id().number();
      Bundle bundle = parcel.bundle();
      Generation kept =
          parcel.verified().isPresent()
              ? Generation.signed(
                  number, generation.since(), parcel.verified().get(), generation.origin())
              : Generation.unsigned(number, generation.since(), bundle, generation.origin());
      store.save(leaves.isPresent() ? kept.rolledBackFrom(leaves.getAsLong()) : kept, bundle);
      trouble = Optional.empty();
    } catch (StoreException failed) {
      notKept(failed.text());
    } catch (RefusedException unfit) {
      notKept(unfit.refusal().text());
    }
  }

  private void notKept(String why) {
    String text = "this generation is not kept, nobody can go back to it: " + why;
    trouble = Optional.of(text);
    teller.accept(text);
  }

  /** The policies of one, as they were kept; empty where they cannot be read. */
  Optional<CheckedPolicy> policies(Generation generation) {
    try {
      return PolicyTexts.of(
              Bundle.read(store.load(generation.number()).archive()),
              Optional.empty(),
              "generation-" + generation.number(),
              generation.origin())
          .check()
          .policy();
    } catch (StoreException | RefusedException unusable) {
      teller.accept(
          "generation %d cannot be read: %s".formatted(generation.number(), unusable.getMessage()));
      return Optional.empty();
    }
  }
}
