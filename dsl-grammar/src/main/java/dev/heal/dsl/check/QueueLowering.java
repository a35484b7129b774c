package dev.heal.dsl.check;

import dev.heal.dsl.policy.Queue;
import dev.heal.dsl.policy.Queue.Redelivery;
import dev.heal.dsl.policy.Queue.Server;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Statement;
import dev.heal.dsl.tree.Value;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** {@code queue "redis://127.0.0.1:6379/llm-requests?group=workers" { consumer "llm-*" }}. */
final class QueueLowering {
  private static final String EXAMPLE =
      "write `queue \"redis://127.0.0.1:6379/STREAM?group=GROUP\"`";
  private static final int PORT = 6379;
  private static final int CRASHES = 2;
  private static final int MOST_CRASHES = 1000;
  private static final Duration DEAD_AFTER = Duration.ofMinutes(1);

  private final Findings findings;
  private final Quantities quantities;
  private final Addresses addresses;

  QueueLowering(Findings findings, Quantities quantities) {
    this.findings = findings;
    this.quantities = quantities;
    this.addresses = new Addresses(findings);
  }

  /** What stands in the block of the queue. */
  private record More(
      List<String> consumers,
      int crashes,
      Redelivery redelivery,
      Duration deadAfter,
      Optional<String> passwordFile) {}

  /**
   * The queue; empty, with a message, where it is none.
   *
   * @param service what its consumer is called unless it is said
   */
  Optional<Queue> queue(Statement.Setting setting, String service) {
    More more = more(setting, service);
    if (setting.values().size() != 1 || !(setting.values().get(0) instanceof Value.Text url)) {
      addresses.wrong(setting.span(), "`queue` takes the URL of a stream in Redis", EXAMPLE);
      return Optional.empty();
    }
    return uri(url).flatMap(uri -> queue(uri, url.span(), more));
  }

  private Optional<URI> uri(Value.Text url) {
    try {
      URI uri = new URI(url.text());
      String scheme = String.valueOf(uri.getScheme());
      if ((scheme.equals("redis") || scheme.equals("rediss"))
          && uri.getHost() != null
          && uri.getFragment() == null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException notOne) {
      return noStream(url.text(), url.span());
    }
    return noStream(url.text(), url.span());
  }

  private <T> Optional<T> noStream(String url, Span span) {
    addresses.wrong(span, "`" + url + "` is not a stream in Redis", EXAMPLE);
    return Optional.empty();
  }

  private Optional<Queue> queue(URI uri, Span span, More more) {
    String user = uri.getUserInfo() == null ? "" : uri.getUserInfo();
    if (user.indexOf(':') >= 0) {
      addresses.wrong(
          span,
          "a password does not belong into a site, where everybody reads it",
          "write `password file \"/etc/heal/redis\"` in the block of the queue");
      return Optional.empty();
    }
    String stream = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
    Map<String, String> query = query(uri);
    String group = query.getOrDefault("group", "");
    Optional<Integer> database = database(query.getOrDefault("database", "0"), span);
    query.keySet().removeAll(List.of("group", "database"));
    if (!query.isEmpty()) {
      addresses.wrong(
          span,
          "`" + query.keySet().iterator().next() + "` says nothing of a queue",
          "behind the `?` stand `group=…` and `database=…`");
      return Optional.empty();
    }
    if (stream.isEmpty() || group.isEmpty()) {
      return noStream(uri.toString(), span);
    }
    return database.map(
        number ->
            new Queue(
                new Server(
                    uri.getHost(),
                    uri.getPort() < 0 ? PORT : uri.getPort(),
                    uri.getScheme().equals("rediss"),
                    number,
                    Optional.of(user).filter(u -> !u.isEmpty()),
                    more.passwordFile()),
                stream,
                group,
                more.consumers(),
                more.crashes(),
                more.redelivery(),
                more.deadAfter()));
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> query = new TreeMap<>();
    String raw = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        query.put(
            equals < 0 ? pair : pair.substring(0, equals),
            equals < 0
                ? ""
                : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  private Optional<Integer> database(String text, Span span) {
    if (text.matches("\\d{1,4}")) {
      return Optional.of(Integer.parseInt(text));
    }
    addresses.wrong(span, "`" + text + "` is not the number of a database", "write `database=0`");
    return Optional.empty();
  }

  private More more(Statement.Setting setting, String service) {
    Body body =
        new Body("a queue", setting.wordSpan(), setting.block().orElse(List.of()), findings);
    List<String> consumers = new ArrayList<>();
    body.value("consumer").ifPresent(value -> consumers(value, consumers));
    OptionalInt crashes =
        body.value("crashes")
            .map(value -> quantities.count(value, 1, MOST_CRASHES))
            .orElse(OptionalInt.empty());
    Redelivery redelivery =
        body.value("redeliver").flatMap(this::redelivery).orElse(Redelivery.ANEW);
    Duration deadAfter = body.one("dead").flatMap(this::deadAfter).orElse(DEAD_AFTER);
    Optional<String> password = body.one("password").flatMap(this::passwordFile);
    body.done();
    return new More(
        consumers.isEmpty() ? List.of(service) : consumers,
        crashes.orElse(CRASHES),
        redelivery,
        deadAfter,
        password);
  }

  private void consumers(Value value, List<String> consumers) {
    for (Value item : Entities.items(value)) {
      addresses
          .text(item, "consumer \"llm-*\"")
          .filter(name -> all(name, item.span()))
          .ifPresent(consumers::add);
    }
  }

  /** Where every consumer is this service's, the requests of all others would be taken away. */
  private boolean all(String name, Span span) {
    boolean anybody = name.replace("*", "").isEmpty();
    if (anybody) {
      addresses.wrong(
          span,
          "`" + name + "` is every consumer of the group, also those that live",
          "write what only this service calls itself: `consumer \"llm-*\"`");
    }
    return !anybody;
  }

  private Optional<Redelivery> redelivery(Value value) {
    for (Redelivery one : Redelivery.values()) {
      if (PolicyLowering.isWord(value, one.name().toLowerCase(java.util.Locale.ROOT))) {
        return Optional.of(one);
      }
    }
    addresses.wrong(
        value.span(),
        "`" + value.span().text() + "` is no way to hand requests back",
        "write `redeliver anew` or `redeliver pending`");
    return Optional.empty();
  }

  private Optional<Duration> deadAfter(Statement.Setting setting) {
    List<Value> values = setting.values();
    if (values.size() == 2 && PolicyLowering.isWord(values.get(0), "after")) {
      return quantities.duration(values.get(1));
    }
    addresses.wrong(setting.span(), "`dead` is not written in this way", "write `dead after 1m`");
    return Optional.empty();
  }

  private Optional<String> passwordFile(Statement.Setting setting) {
    List<Value> values = setting.values();
    if (values.size() == 2
        && PolicyLowering.isWord(values.get(0), "file")
        && values.get(1) instanceof Value.Text path
        && path.text().startsWith("/")) {
      return Optional.of(path.text());
    }
    addresses.wrong(
        setting.span(),
        "`password` names the file that holds it",
        "write `password file \"/etc/heal/redis\"`");
    return Optional.empty();
  }
}
