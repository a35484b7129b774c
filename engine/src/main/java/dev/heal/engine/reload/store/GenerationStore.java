package dev.heal.engine.reload.store;

import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.Digest;
import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.Standing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The last generations, in {@code generations/} of the state directory: the door of this package.
 *
 * <pre>
 * objects/DIGEST.bundle   an archive, named by its SHA-256
 * 000000012.generation    what is known of generation 12
 * in-force                which one is in force, and the highest revision that ever was
 * </pre>
 *
 * <p>A file gets its name only when all its bytes are on the disk, and names come in this order: so
 * the engine may die at any moment, and what is named is whole. What is read is held against its
 * SHA-256 first. One engine writes; whoever else reads sees the state before or after.
 */
public final class GenerationStore {
  /** Generations that are kept unless told otherwise. */
  public static final int USUAL_COUNT = 20;

  private final Shelf shelf;
  private final int most;

  private GenerationStore(Path state, Disk disk, int most) {
    this.shelf = new Shelf(state, disk);
    this.most = most;
  }

  /**
   * For the engine that owns the state directory: takes away what a killed one left unfinished.
   *
   * @param most generations to keep, at least 2
   */
  public static GenerationStore open(Path state, int most) throws StoreException {
    return open(state, Disk.REAL, most);
  }

  static GenerationStore open(Path state, Disk disk, int most) throws StoreException {
    if (most < 2) {
      throw new IllegalArgumentException("one to use, and one to go back to");
    }
    GenerationStore store = new GenerationStore(state, disk, most);
    store.shelf.prepare();
    return store;
  }

  /** For a look, also while an engine writes; nothing is changed. */
  public static GenerationStore look(Path state) {
    return new GenerationStore(state, Disk.REAL, USUAL_COUNT);
  }

  /**
   * Keeps a generation that is in force from now on. When this returns it is on the disk; when it
   * throws, the one that was in force before is kept as it was.
   *
   * @param generation with a number above all before it
   * @param bundle whose archive has the generation's digest
   */
  public void save(Generation generation, Bundle bundle) throws StoreException {
    byte[] archive = bundle.archive();
    if (!Digest.of(archive).equals(generation.archive())) {
      throw new IllegalArgumentException("another bundle than that of " + generation);
    }
    if (generation.number() < nextNumber()) {
      throw new IllegalArgumentException("generation " + generation.number() + " was there before");
    }
    shelf.save(generation, archive, most);
  }

  /** A generation that is kept, or that was and is damaged now. */
  public sealed interface Listed {
    long number();

    /** A whole one. */
    record Whole(Generation generation, boolean inForce) implements Listed {
      @Override
      public long number() {
        return generation.number();
      }
    }

    /** One that cannot be used. */
    record Damaged(long number, String why) implements Listed {}
  }

  /** All of them, oldest first, each held against its digest. */
  public List<Listed> list() throws StoreException {
    OptionalLong current = current();
    List<Listed> all = new ArrayList<>();
    for (long number : shelf.numbers()) {
      try {
        Generation generation = shelf.load(number).generation();
        all.add(new Listed.Whole(generation, current.isPresent() && current.getAsLong() == number));
      } catch (StoreException e) {
        if (shelf.has(number)) { // else the engine has just taken it away
          all.add(new Listed.Damaged(number, e.text()));
        }
      }
    }
    return all;
  }

  /**
   * A generation and its archive, which is whole; whether it is to be trusted is still to be asked.
   */
  public static final class Loaded {
    private final Generation generation;
    private final byte[] archive;

    Loaded(Generation generation, byte[] archive) {
      this.generation = generation;
      this.archive = archive;
    }

    public Generation generation() {
      return generation;
    }

    /** A copy. */
    public byte[] archive() {
      return archive.clone();
    }
  }

  /**
   * A generation by its number.
   *
   * @throws StoreException where it is not kept, or damaged
   */
  public Loaded load(long number) throws StoreException {
    return shelf.load(number);
  }

  /**
   * What was in force last, else the newest before it that is whole; empty where nothing is kept.
   *
   * @throws StoreException where there are some and none can be used
   */
  public Optional<Loaded> lastGood() throws StoreException {
    while (true) {
      OptionalLong current = current();
      Optional<StoreException> first = Optional.empty();
      for (long number : newestFirst(current)) {
        try {
          return Optional.of(load(number));
        } catch (StoreException unusable) {
          first = first.or(() -> Optional.of(unusable));
        }
      }
      if (current.equals(current())) {
        if (first.isPresent()) {
          throw first.get();
        }
        return Optional.empty();
      } // else the engine went on meanwhile, and took away what we looked for
    }
  }

  /** The numbers: the one that was in force last, then from the newest to the oldest. */
  public List<Long> newestFirst() throws StoreException {
    return newestFirst(current());
  }

  private List<Long> newestFirst(OptionalLong current) throws StoreException {
    List<Long> order = new ArrayList<>();
    if (current.isPresent()) {
      order.add(current.getAsLong());
    }
    List<Long> numbers = shelf.numbers();
    for (int i = numbers.size() - 1; i >= 0; i--) {
      if (!order.contains(numbers.get(i))) {
        order.add(numbers.get(i));
      }
    }
    return order;
  }

  /** Above every number that was ever given here, as far as is known. */
  public long nextNumber() throws StoreException {
    List<Long> numbers = shelf.numbers();
    long last = numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
    return Math.max(last, current().orElse(0)) + 1;
  }

  /**
   * Against what the next bundle is held.
   *
   * @param inForce the signed bundle that is in force; at start nothing is
   */
  public Standing standing(Optional<Manifest> inForce) throws StoreException {
    Pointer pointer = shelf.pointer();
    return new Standing(pointer.name(), inForce, pointer.highest(), pointer.withdrawn());
  }

  /** Which generation was put in force last. */
  public OptionalLong current() throws StoreException {
    return shelf.pointer().current();
  }
}
