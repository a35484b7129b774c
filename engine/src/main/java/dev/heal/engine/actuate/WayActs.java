package dev.heal.engine.actuate;

import dev.heal.dsl.policy.Way;
import dev.heal.engine.actuate.reach.Calls;
import dev.heal.engine.actuate.reach.Commands;
import dev.heal.engine.schedule.Outcome;
import java.util.List;
import java.util.Optional;

/** Requests and commands, which are told an order and its key. */
final class WayActs {
  private final String run;
  private final Commands commands;
  private final Calls calls;

  WayActs(String run, Commands commands, Calls calls) {
    this.run = run;
    this.commands = commands;
    this.calls = calls;
  }

  /** What is done for an order, by its own verb. */
  interface Work {
    Outcome act(Assignment assignment, String verb, String key) throws InterruptedException;
  }

  /** The work of a request or a command; empty for another way. */
  Optional<Work> of(Way way) {
    if (way instanceof Way.Http http) {
      return Optional.of((assignment, verb, key) -> call(http.call(), assignment, verb, key));
    }
    if (way instanceof Way.Command command) {
      return Optional.of((assignment, verb, key) -> run(command.argv(), assignment, verb, key));
    }
    return Optional.empty();
  }

  Outcome call(Way.HttpCall call, Assignment assignment) throws InterruptedException {
    return call(call, assignment, assignment.order().act().verb(), key(assignment));
  }

  Outcome run(List<String> argv, Assignment assignment) {
    return run(argv, assignment, assignment.order().act().verb(), key(assignment));
  }

  String key(Assignment assignment) {
    return OrderWords.key(run, assignment.order());
  }

  private Outcome call(Way.HttpCall call, Assignment assignment, String verb, String key)
      throws InterruptedException {
    return calls.send(call, key, OrderWords.json(key, verb, assignment));
  }

  private Outcome run(List<String> argv, Assignment assignment, String verb, String key) {
    return commands.run(argv, OrderWords.environment(key, verb, assignment)).outcome(argv.get(0));
  }
}
