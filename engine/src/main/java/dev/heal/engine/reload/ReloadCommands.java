package dev.heal.engine.reload;

import dev.heal.engine.loop.CommandInterpreter;
import dev.heal.engine.loop.CompiledPolicies;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.loop.GenerationId;
import dev.heal.engine.loop.Preparation;
import dev.heal.engine.schedule.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * The words of a reload, which a recording holds:
 *
 * <pre>{@code
 * reload prepare 8 sha256:…
 * reload swap 8 sha256:…
 * reload refused because=TEXT
 * }</pre>
 *
 * Live, the next policies are built between {@code prepare} and {@code swap} by another thread. A
 * replay builds them at the swap, from what was remembered at {@code prepare}: that comes to the
 * same. All other words are for others.
 */
public final class ReloadCommands implements CommandInterpreter {
  private static final String FIRST = "reload";
  private static final String BECAUSE = "because=";
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,17}");

  private final CommandInterpreter others;
  private final Policies policies;
  private final LongSupplier nanoTime;
  private final Listener listener;
  private final AtomicReference<Optional<Swap>> last = new AtomicReference<>(Optional.empty());

  /** Knows policies by their digest. */
  @FunctionalInterface
  public interface Policies {
    /** Nobody is asked: they are built by whoever reloads. */
    Policies BUILT_BY_OTHERS = digest -> Optional.empty();

    /** Empty where they are not at hand. */
    Optional<CompiledPolicies> find(String digest);
  }

  /** Is told of a swap on the thread of the loop, before anything is made of its entries. */
  @FunctionalInterface
  public interface Listener {
    /** Other policies are in force; the loop waits until this returns. */
    void swapped(Engine engine);
  }

  /**
   * A swap that was made.
   *
   * @param pause for how long nothing else could be taken in
   */
  record Swap(Engine.Swapped swapped, Duration pause, long at) {}

  private ReloadCommands(
      CommandInterpreter others, Policies policies, LongSupplier nanoTime, Listener listener) {
    this.others = others;
    this.policies = policies;
    this.nanoTime = nanoTime;
    this.listener = listener;
  }

  /**
   * For a running engine.
   *
   * @param nanoTime measures how long the swap takes
   */
  public static ReloadCommands live(
      CommandInterpreter others, LongSupplier nanoTime, Listener listener) {
    return new ReloadCommands(others, Policies.BUILT_BY_OTHERS, nanoTime, listener);
  }

  /** For a recording that is replayed. */
  public static ReloadCommands replayed(CommandInterpreter others, Policies policies) {
    return new ReloadCommands(others, policies, () -> 0, engine -> {});
  }

  static List<String> prepare(GenerationId generation) {
    return List.of(FIRST, "prepare", Long.toString(generation.number()), generation.digest());
  }

  static List<String> swap(GenerationId generation) {
    return List.of(FIRST, "swap", Long.toString(generation.number()), generation.digest());
  }

  static List<String> refused(String because) {
    return List.of(FIRST, "refused", BECAUSE + because);
  }

  /** The last swap, told once. */
  Optional<Swap> takeLast() {
    return last.getAndSet(Optional.empty());
  }

  @Override
  public Answer run(Engine engine, List<String> words, long at) {
    if (words.isEmpty() || !words.get(0).equals(FIRST)) {
      return others.run(engine, words, at);
    }
    String what = words.size() > 1 ? words.get(1) : "";
    if (what.equals("refused") && words.size() == 3 && words.get(2).startsWith(BECAUSE)) {
      engine.refused(words.get(2).substring(BECAUSE.length()), at);
      return answer(Answer.Kind.DONE, "noted");
    }
    boolean known = what.equals("prepare") || what.equals("swap");
    if (!known || words.size() != 4 || !NUMBER.matcher(words.get(2)).matches()) {
      return answer(Answer.Kind.MALFORMED, "of reload there are `prepare`, `swap` and `refused`");
    }
    GenerationId generation = new GenerationId(Long.parseLong(words.get(2)), words.get(3));
    return what.equals("prepare") ? prepare(engine, generation, at) : swap(engine, generation, at);
  }

  private static Answer prepare(Engine engine, GenerationId generation, long at) {
    engine.prepare(generation, at);
    return answer(Answer.Kind.DONE, generation + " is being prepared");
  }

  private Answer swap(Engine engine, GenerationId generation, long at) {
    Optional<Preparation> prepared =
        engine.preparation().filter(p -> p.generation().equals(generation));
    if (prepared.isEmpty()) {
      return answer(Answer.Kind.NO_SUCH, generation + " is not being prepared");
    }
    if (!prepared.get().isBuilt()) {
      Optional<CompiledPolicies> found = policies.find(generation.digest());
      if (found.isEmpty()) {
        return answer(
            Answer.Kind.NO_SUCH,
            "the policies of %s (%s) are not at hand".formatted(generation, generation.digest()));
      }
      prepared.get().copy(Integer.MAX_VALUE);
      prepared.get().build(found.get());
    }
    long before = nanoTime.getAsLong();
    Engine.Swapped swapped = engine.swap(at);
    listener.swapped(engine);
    Duration pause = Duration.ofNanos(nanoTime.getAsLong() - before);
    last.set(Optional.of(new Swap(swapped, pause, at)));
    return answer(Answer.Kind.DONE, generation + " is in force");
  }

  private static Answer answer(Answer.Kind kind, String text) {
    return new Answer(kind, text);
  }
}
