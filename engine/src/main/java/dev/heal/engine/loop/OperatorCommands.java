package dev.heal.engine.loop;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import dev.heal.engine.schedule.Answer;
import dev.heal.engine.schedule.HaltCommands;
import dev.heal.engine.schedule.Operators;
import dev.heal.engine.schedule.Speaker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The words of operators. The same words at the same stamp come to the same, live or replayed:
 *
 * <pre>{@code
 * approve 12 · reject 12
 * resume FAULT ENTITY · clear FAULT ENTITY
 * pause · resume
 * breaker reset [NAME]
 * maintenance start NAME [on=ENTITY]… [allow=VERB]… [for=4h] · maintenance stop [NAME]
 * ending
 * }</pre>
 *
 * Behind each stand {@code by=NAME} and, where there is a reason, {@code because=TEXT}.
 */
final class OperatorCommands {
  /** A reason is read by people: more than this is a mistake. */
  private static final int LONGEST_REASON = 500;

  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,17}");
  private final Pipeline pipeline;

  OperatorCommands(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** A command, taken apart. */
  private record Said(List<String> words, List<String> options) {
    static Said of(List<String> all) {
      List<String> words = new ArrayList<>();
      List<String> options = new ArrayList<>();
      for (String one : all) {
        boolean option = one.matches("(?s)(by|because|on|allow|for)=.*");
        (option ? options : words).add(one);
      }
      return new Said(words, options);
    }

    List<String> all(String option) {
      return options.stream()
          .filter(o -> o.startsWith(option + "="))
          .map(o -> o.substring(option.length() + 1))
          .toList();
    }

    Optional<String> one(String option) {
      return all(option).stream().findFirst();
    }

    Optional<String> word(int index) {
      return index < words.size() ? Optional.of(words.get(index)) : Optional.empty();
    }

    boolean isJust(String... expected) {
      return words.equals(List.of(expected));
    }
  }

  /** Does it. */
  Answer take(List<String> words, long at) {
    Said said = Said.of(words);
    Optional<String> name = said.one("by").filter(by -> !by.isBlank());
    if (name.isEmpty()) {
      return malformed("nobody says this: `by=NAME` is missing");
    }
    String because = said.one("because").map(String::strip).orElse("");
    if (because.length() > LONGEST_REASON) {
      return malformed("a reason has at most %d characters".formatted(LONGEST_REASON));
    }
    return take(said, new Speaker(name.get(), because), at);
  }

  private Answer take(Said said, Speaker speaker, long at) {
    String first = said.word(0).orElse("");
    return switch (first) {
      case "approve" -> repair(said, at, (to, number) -> to.approve(number, speaker, at));
      case "reject" -> repair(said, at, (to, number) -> to.reject(number, speaker, at));
      case "clear" -> fault(said, at, (to, instance) -> to.clear(instance, speaker, at));
      case "resume" ->
          said.isJust("resume")
              ? halt(at, to -> to.resume(speaker, at))
              : fault(said, at, (to, instance) -> to.resume(instance, speaker, at));
      case "pause" ->
          said.isJust("pause")
              ? halt(at, to -> to.pause(speaker, at))
              : malformed("`pause` stands alone");
      case "ending" -> halt(at, HaltCommands::ending);
      case "breaker" -> breaker(said, speaker, at);
      case "maintenance" -> maintenance(said, speaker, at);
      default -> malformed("no command of operators begins with `%s`".formatted(first));
    };
  }

  private interface OfRepair {
    Answer apply(Operators operators, long number);
  }

  private Answer repair(Said said, long at, OfRepair command) {
    Optional<String> number = said.word(1).filter(word -> NUMBER.matcher(word).matches());
    if (number.isEmpty() || said.words().size() != 2) {
      return malformed(
          "`%s` takes the number of a repair, as `heal status` shows it"
              .formatted(said.words().get(0)));
    }
    long ladder = Long.parseLong(number.get());
    return pipeline.command(at, repairs -> command.apply(repairs.operators(), ladder));
  }

  private interface OfFault {
    Answer apply(Operators operators, FaultInstance instance);
  }

  private Answer fault(Said said, long at, OfFault command) {
    Optional<EntityId> entity = said.word(2).flatMap(EntityId::parse);
    if (entity.isEmpty() || said.words().size() != 3) {
      return malformed(
          "`%s` takes a fault and an entity, as in `%s off_bus gpu:n1/0`"
              .formatted(said.words().get(0), said.words().get(0)));
    }
    FaultInstance instance = new FaultInstance(said.words().get(1), entity.get());
    return pipeline.command(at, repairs -> command.apply(repairs.operators(), instance));
  }

  private Answer halt(long at, Function<HaltCommands, Answer> command) {
    return pipeline.command(at, repairs -> command.apply(repairs.haltCommands()));
  }

  private Answer breaker(Said said, Speaker speaker, long at) {
    if (said.word(1).filter("reset"::equals).isEmpty() || said.words().size() > 3) {
      return malformed("of breakers there is `breaker reset [NAME]`");
    }
    return halt(at, to -> to.resetBreakers(said.word(2), speaker, at));
  }

  private Answer maintenance(Said said, Speaker speaker, long at) {
    String what = said.word(1).orElse("");
    if (what.equals("stop") && said.words().size() <= 3) {
      return halt(at, to -> to.stopMaintenance(said.word(2), speaker, at));
    }
    if (!what.equals("start") || said.words().size() != 3) {
      return malformed("of maintenance there are `start NAME` and `stop [NAME]`");
    }
    List<EntityId> on = new ArrayList<>();
    for (String word : said.all("on")) {
      Optional<EntityId> entity = EntityId.parse(word);
      if (entity.isEmpty()) {
        return malformed("`%s` is no entity, such as node:n1 or gpu:n1/0".formatted(word));
      }
      on.add(entity.get());
    }
    Optional<String> span = said.one("for");
    Optional<Duration> length = span.flatMap(SpanText::parse);
    if (span.isPresent() && length.isEmpty()) {
      return malformed("`%s` is not a time, such as 90m or 4h".formatted(span.get()));
    }
    HaltCommands.Plan plan =
        new HaltCommands.Plan(said.words().get(2), on, said.all("allow"), length);
    return halt(at, to -> to.startMaintenance(plan, speaker, at));
  }

  private static Answer malformed(String text) {
    return new Answer(Answer.Kind.MALFORMED, text);
  }
}
