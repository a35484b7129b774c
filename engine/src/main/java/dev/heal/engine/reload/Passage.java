package dev.heal.engine.reload;

import dev.heal.engine.loop.CompiledPolicies;
import dev.heal.engine.loop.GenerationId;
import dev.heal.engine.loop.Preparation;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.Deviations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** The last stages of a reload: from compiled policies through the running loop into force. */
final class Passage {
  /** So much is copied at once on the loop's thread: some microseconds. */
  private static final int SLICE = 64;

  /** So few may be left to be heard at the swap. */
  private static final int FEW = 16;

  /** Between two looks at what came, in nanoseconds: at a high rate, one fact or two. */
  private static final long BREATH = 20_000;

  private static final int MOST_CATCHING_UP = 1_000;

  private final LoopPort loop;
  private final ReloadCommands commands;
  private final LongSupplier nanoTime;
  private final Map<Stage, Duration> times;
  private Stage stage = Stage.BUILD;

  /**
   * How it ended.
   *
   * @param swap empty where they are not in force
   * @param because why not
   */
  record End(Optional<ReloadCommands.Swap> swap, Stage stage, String because, String help) {}

  /**
   * @param times is told how long each stage took
   */
  Passage(
      LoopPort loop, ReloadCommands commands, LongSupplier nanoTime, Map<Stage, Duration> times) {
    this.loop = loop;
    this.commands = commands;
    this.nanoTime = nanoTime;
    this.times = times;
  }

  /** The stage that was reached. */
  Stage stage() {
    return stage;
  }

  /**
   * What comes into force.
   *
   * @param callOff whether the repairs of those before stop before their next step
   * @param notes what is written down with it
   */
  record Next(GenerationId id, Deviations deviations, boolean callOff, List<String> notes) {}

  /** Takes them through. */
  End take(CompiledPolicies compiled, Next next) throws InterruptedException, ExecutionException {
    long before = nanoTime.getAsLong();
    Answer begun = loop.command(ReloadCommands.prepare(next.id(), next.deviations())).get();
    if (!begun.isFine()) {
      return new End(Optional.empty(), stage, begun.text(), "");
    }
    Preparation preparation = copied(next.id());
    preparation.build(compiled);
    took(before);
    stage = Stage.CATCH_UP;
    before = nanoTime.getAsLong();
    boolean caughtUp = catchUp(preparation);
    took(before);
    if (!caughtUp) {
      return new End(
          Optional.empty(), stage, "more came than could be caught up with", "try again later");
    }
    stage = Stage.SWAP;
    CompletableFuture<Answer> swapping =
        loop.command(ReloadCommands.swap(next.id(), next.callOff(), next.notes()));
    keepUp(preparation, swapping);
    Answer answer = swapping.get();
    Optional<ReloadCommands.Swap> swap = commands.takeLast();
    swap.ifPresent(made -> times.put(stage, made.pause()));
    return new End(swap.filter(made -> answer.isFine()), stage, answer.text(), "");
  }

  /** Copies in small parts, between which the loop takes other inputs. */
  private Preparation copied(GenerationId next) throws InterruptedException, ExecutionException {
    while (true) {
      CompletableFuture<Optional<Preparation>> whole = new CompletableFuture<>();
      loop.look(
          (engine, at) -> {
            Optional<Preparation> prepared =
                engine.preparation().filter(p -> p.generation().equals(next));
            boolean unused =
                prepared.isEmpty()
                    ? whole.completeExceptionally(new IllegalStateException("another is prepared"))
                    : whole.complete(prepared.filter(p -> p.copy(SLICE)));
          });
      Optional<Preparation> copied = whole.get();
      if (copied.isPresent()) {
        return copied.get();
      }
    }
  }

  private static boolean catchUp(Preparation preparation) {
    for (int i = 0; i < MOST_CATCHING_UP && !preparation.isHopeless(); i++) {
      if (preparation.catchUp() <= FEW) {
        return true;
      }
    }
    return !preparation.isHopeless();
  }

  /** Until it is the swap's turn: then hardly anything is left for the loop to catch up with. */
  private static void keepUp(Preparation preparation, CompletableFuture<Answer> swapping) {
    while (!preparation.isTaken()
        && !swapping.isDone()
        && !Thread.currentThread().isInterrupted()) {
      if (preparation.catchUp() == 0) {
        LockSupport.parkNanos(BREATH);
      }
    }
  }

  private void took(long since) {
    times.put(stage, Duration.ofNanos(nanoTime.getAsLong() - since));
  }
}
