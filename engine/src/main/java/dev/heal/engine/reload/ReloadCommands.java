package dev.heal.engine.reload;

import dev.heal.engine.loop.CommandInterpreter;
import dev.heal.engine.loop.CompiledPolicies;
import dev.heal.engine.loop.Engine;
import dev.heal.engine.loop.GenerationId;
import dev.heal.engine.loop.Preparation;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.Deviations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * The words of a reload, which a recording holds:
 *
 * <pre>{@code
 * reload prepare 8 sha256:… [tune=hot=90C@UNTIL]… [observe=POLICY=MOST@UNTIL]…
 * reload swap 8 sha256:… [cancel] [because=TEXT]…
 * reload refused because=TEXT
 * reload tuned because=TEXT
 * }</pre>
 *
 * Live, the next policies are built between {@code prepare} and {@code swap} by another thread. A
 * replay builds them at the swap, from what was remembered at {@code prepare}: that comes to the
 * same. All other words are for others.
 */
public final class ReloadCommands implements CommandInterpreter {
  private static final String FIRST = "reload";
  private static final String BECAUSE = "because=";
  private static final String CANCEL = "cancel";
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,17}");

  private final CommandInterpreter others;
  private final Policies policies;
  private final LongSupplier nanoTime;
  private final Listener listener;
  private final AtomicReference<Optional<Swap>> last = new AtomicReference<>(Optional.empty());

  /** Knows policies by the digest of their texts. */
  @FunctionalInterface
  public interface Policies {
    /** Nobody is asked: they are built by whoever reloads. */
    Policies BUILT_BY_OTHERS = (digest, deviations) -> Optional.empty();

    /**
     * Policies as they were in force.
     *
     * @param deviations what of them was otherwise than the texts say
     * @return empty where they are not at hand
     */
    Optional<CompiledPolicies> find(String digest, Deviations deviations);
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

  static List<String> prepare(GenerationId generation, Deviations deviations) {
    List<String> words = words("prepare", generation);
    words.addAll(deviations.words());
    return words;
  }

  /**
   * The words of a swap.
   *
   * @param notes what is written down with it
   */
  static List<String> swap(GenerationId generation, boolean callOff, List<String> notes) {
    List<String> words = words("swap", generation);
    if (callOff) {
      words.add(CANCEL);
    }
    notes.forEach(note -> words.add(BECAUSE + note));
    return words;
  }

  private static List<String> words(String what, GenerationId generation) {
    return new ArrayList<>(
        List.of(FIRST, what, Long.toString(generation.number()), generation.digest()));
  }

  /** Whether these words bring other policies into force. */
  public static boolean isSwap(List<String> words) {
    return words.size() > 1 && words.get(0).equals(FIRST) && words.get(1).equals("swap");
  }

  static List<String> refused(String because) {
    return List.of(FIRST, "refused", BECAUSE + because);
  }

  static List<String> tuned(String because) {
    return List.of(FIRST, "tuned", BECAUSE + because);
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
    return switch (what) {
      case "refused", "tuned" -> note(engine, what, words, at);
      case "prepare", "swap" -> generation(engine, what, words, at);
      default -> malformed();
    };
  }

  private static Answer malformed() {
    return answer(
        Answer.Kind.MALFORMED, "of reload there are `prepare`, `swap`, `refused` and `tuned`");
  }

  private static Answer note(Engine engine, String what, List<String> words, long at) {
    if (words.size() != 3 || !words.get(2).startsWith(BECAUSE)) {
      return malformed();
    }
    String because = words.get(2).substring(BECAUSE.length());
    if (because.isBlank()) {
      return malformed();
    }
    if (what.equals("tuned")) {
      engine.tuned(because, at);
    } else {
      engine.refused(because, at);
    }
    return answer(Answer.Kind.DONE, "noted");
  }

  private Answer generation(Engine engine, String what, List<String> words, long at) {
    if (words.size() < 4 || !NUMBER.matcher(words.get(2)).matches()) {
      return malformed();
    }
    GenerationId generation = new GenerationId(Long.parseLong(words.get(2)), words.get(3));
    List<String> more = words.subList(4, words.size());
    if (what.equals("swap")) {
      return swap(engine, generation, more, at);
    }
    Optional<Deviations> deviations = Deviations.parse(more);
    if (deviations.isEmpty()) {
      return malformed();
    }
    engine.prepare(generation, deviations.get(), at);
    return answer(Answer.Kind.DONE, generation + " is being prepared");
  }

  private Answer swap(Engine engine, GenerationId generation, List<String> more, long at) {
    boolean callOff = more.contains(CANCEL);
    List<String> notes = more.subList(callOff ? 1 : 0, more.size());
    if (!notes.stream().allMatch(note -> note.startsWith(BECAUSE))) {
      return malformed();
    }
    Optional<Preparation> prepared =
        engine.preparation().filter(p -> p.generation().equals(generation));
    if (prepared.isEmpty()) {
      return answer(Answer.Kind.NO_SUCH, generation + " is not being prepared");
    }
    if (!prepared.get().isBuilt() && !build(prepared.get())) {
      return answer(
          Answer.Kind.NO_SUCH,
          "the policies of %s (%s) are not at hand".formatted(generation, generation.digest()));
    }
    long before = nanoTime.getAsLong();
    Engine.Swapped swapped = engine.swap(callOff, at);
    listener.swapped(engine);
    Duration pause = Duration.ofNanos(nanoTime.getAsLong() - before);
    notes.forEach(note -> engine.tuned(note.substring(BECAUSE.length()), at));
    last.set(Optional.of(new Swap(swapped, pause, at)));
    return answer(Answer.Kind.DONE, generation + " is in force");
  }

  private boolean build(Preparation prepared) {
    Optional<CompiledPolicies> found =
        policies.find(prepared.generation().digest(), prepared.deviations());
    if (found.isPresent()) {
      prepared.copy(Integer.MAX_VALUE);
      prepared.build(found.get());
    }
    return found.isPresent();
  }

  private static Answer answer(Answer.Kind kind, String text) {
    return new Answer(kind, text);
  }
}
