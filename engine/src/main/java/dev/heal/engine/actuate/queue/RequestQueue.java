package dev.heal.engine.actuate.queue;

import dev.heal.dsl.policy.Queue;
import dev.heal.engine.schedule.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The requests of one service. A request is always in one place: waiting in the stream, pending
 * with a consumer, or in the dead letters; Redis moves it in one go, together with the count of the
 * crashes at which it was in flight. So an engine that dies in between, and one that is told the
 * same twice, change nothing.
 */
public final class RequestQueue {
  private static final String SCRIPT = script();
  private static final int MOST_AT_ONCE = 500;
  private static final long REMEMBERED_SECONDS = 30L * 86_400;
  private static final String PUNCTUATION = "^$()%.[]*+-?";

  private final Queue queue;

  public RequestQueue(Queue queue) {
    this.queue = queue;
  }

  private static String script() {
    try (InputStream in = RequestQueue.class.getResourceAsStream("requeue.lua")) {
      if (in == null) {
        throw new IllegalStateException("requeue.lua is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Whether Redis answers, and has the group. */
  public Outcome look() throws InterruptedException {
    return RedisCall.to(queue.server())
        .command("XINFO", List.of("CONSUMERS", queue.stream(), queue.group()))
        .outcome(answer -> new Outcome(Outcome.Kind.DONE, ""), this::refusal);
  }

  /**
   * Takes back what dead consumers had pending: hands it back, or lays it aside. DONE also where
   * there was nothing; FAILED where Redis cannot be reached: then everything is where it was.
   */
  public Outcome takeBack(TakeBack what) throws InterruptedException {
    List<String> arguments = arguments(what);
    Taken taken;
    do {
      RedisCall.Answer answer = RedisCall.to(queue.server()).eval(SCRIPT, keys(what), arguments);
      if (answer.failure().isPresent()) {
        return answer.failure().get();
      }
      List<Object> fields = answer.list();
      if (!fields.get(0).equals("ok")) {
        return refusal(String.valueOf(fields.get(1)));
      }
      taken = Taken.of(fields);
    } while (taken.more());
    return new Outcome(Outcome.Kind.DONE, words(taken));
  }

  private List<String> keys(TakeBack what) {
    String beside = queue.stream() + ".heal." + queue.group();
    return List.of(queue.stream(), queue.deadLetters(), beside, beside + ".order." + what.order());
  }

  private List<String> arguments(TakeBack what) {
    long silent = what.dead() == TakeBack.Dead.ALL ? -1 : Math.max(0, queue.deadAfter().toMillis());
    List<String> arguments =
        new ArrayList<>(
            List.of(
                queue.group(),
                Integer.toString(queue.crashes()),
                what.crash() ? "1" : "0",
                what.skipPoison() ? "1" : "0",
                queue.redelivery().name().toLowerCase(Locale.ROOT),
                Long.toString(silent),
                Integer.toString(MOST_AT_ONCE),
                Long.toString(REMEMBERED_SECONDS),
                what.order(),
                what.reason(),
                what.incident()));
    queue.consumers().forEach(name -> arguments.add(pattern(name)));
    return arguments;
  }

  /** {@code llm-*} as Lua has it: {@code ^llm%-.*$}. */
  static String pattern(String name) {
    StringBuilder pattern = new StringBuilder("^");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '*') {
        pattern.append(".*");
      } else if (PUNCTUATION.indexOf(c) >= 0) {
        pattern.append('%').append(c);
      } else {
        pattern.append(c);
      }
    }
    return pattern.append('$').toString();
  }

  private Outcome refusal(String error) {
    String what =
        error.contains("no such key")
            ? "there is no stream `%s`".formatted(queue.stream())
            : error.contains("NOGROUP")
                ? "stream `%s` has no group `%s`".formatted(queue.stream(), queue.group())
                : error.contains("WRONGTYPE")
                    ? "`%s` is no stream".formatted(queue.stream())
                    : error.replaceFirst("^ERR ", "");
    return new Outcome(Outcome.Kind.REFUSED, "%s: %s".formatted(queue.server(), what));
  }

  /**
   * What the script tells.
   *
   * @param dead the first names of those from whom something was taken
   * @param spared of those that are not dead
   * @param others of those that are not this service's
   */
  private record Taken(
      boolean more,
      long returned,
      long poison,
      long trimmed,
      List<String> dead,
      List<String> spared,
      List<String> ids,
      List<String> others) {
    static Taken of(List<Object> fields) {
      return new Taken(
          number(fields, 1) != 0,
          number(fields, 2),
          number(fields, 3),
          number(fields, 4),
          names(fields, 5),
          names(fields, 6),
          names(fields, 7),
          names(fields, 8));
    }

    private static long number(List<Object> fields, int place) {
      return fields.get(place) instanceof Long number ? number : 0;
    }

    private static List<String> names(List<Object> fields, int place) {
      return Stream.of(String.valueOf(fields.get(place)).split("\n", -1))
          .filter(name -> !name.isEmpty())
          .toList();
    }
  }

  private String words(Taken taken) {
    List<String> words = new ArrayList<>();
    if (taken.returned() > 0) {
      words.add("%s of %s handed back".formatted(requests(taken.returned()), quoted(taken.dead())));
    }
    if (taken.poison() > 0) {
      words.add(
          "%s in flight at %d crashes put into `%s`: %s"
              .formatted(
                  requests(taken.poison()),
                  queue.crashes(),
                  queue.deadLetters(),
                  quoted(taken.ids())));
    }
    if (taken.trimmed() > 0) {
      words.add(
          "%s whose content was trimmed from the stream put into `%s`"
              .formatted(requests(taken.trimmed()), queue.deadLetters()));
    }
    if (words.isEmpty()) {
      words.add("no request was pending with %s".formatted(quoted(queue.consumers())));
      if (!taken.others().isEmpty() && taken.spared().isEmpty()) {
        words.add("the group has " + quoted(taken.others()));
      }
    }
    if (!taken.spared().isEmpty()) {
      words.add(
          "left with %s, seen less than %s ago"
              .formatted(quoted(taken.spared()), queue.deadAfter().toSeconds() + " s"));
    }
    return String.join("; ", words);
  }

  private static String requests(long count) {
    return count == 1 ? "1 request" : count + " requests";
  }

  private static String quoted(List<String> names) {
    return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }
}
