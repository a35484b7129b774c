package dev.heal.dsl.check;

import dev.heal.dsl.policy.Way;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.Value;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Commands, URLs and environments as a site writes them. Empty results have a message already. */
final class Addresses {
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

  private final Findings findings;

  Addresses(Findings findings) {
    this.findings = findings;
  }

  /** A command as a list of strings: there is no shell. */
  Optional<List<String>> argv(Value value) {
    Optional<List<String>> argv = texts(value).filter(all -> !all.isEmpty());
    if (argv.isEmpty()) {
      wrong(
          value.span(),
          "a command is a list of strings, without a shell",
          "write `[\"/usr/bin/true\", \"--flag\"]`");
    }
    return argv;
  }

  /** The strings of a list; empty, without a message, where something else is in it. */
  static Optional<List<String>> texts(Value value) {
    List<String> texts = new ArrayList<>();
    for (Value item : Entities.items(value)) {
      if (item instanceof Value.Text text) {
        texts.add(text.text());
      }
    }
    return value instanceof Value.ListOf list && texts.size() == list.items().size()
        ? Optional.of(texts)
        : Optional.empty();
  }

  /** A string that is not empty. */
  Optional<String> text(Value value, String example) {
    if (value instanceof Value.Text text && !text.text().isBlank()) {
      return Optional.of(text.text());
    }
    wrong(value.span(), "`" + value.span().text() + "` is no name", "write `" + example + "`");
    return Optional.empty();
  }

  /** {@code ["NAME=value"]}. */
  Map<String, String> environment(Value value) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (Value item : Entities.items(value)) {
      int equals = item instanceof Value.Text text ? text.text().indexOf('=') : -1;
      if (item instanceof Value.Text text && equals > 0) {
        environment.put(text.text().substring(0, equals), text.text().substring(equals + 1));
      } else {
        wrong(
            item.span(),
            "`" + item.span().text() + "` sets no variable",
            "write `env [\"MAX_NUM_SEQS=64\"]`");
      }
    }
    return environment;
  }

  /** {@code "http://127.0.0.1:8000/health"}. */
  Optional<URI> url(Value value) {
    return value instanceof Value.Text text
        ? url(text.text(), value.span())
        : noUrl(value.span().text(), value.span());
  }

  private Optional<URI> url(String text, Span span) {
    try {
      URI uri = new URI(text);
      if (Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
          && uri.getHost() != null) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException notOne) {
      return noUrl(text, span);
    }
    return noUrl(text, span);
  }

  private Optional<URI> noUrl(String text, Span span) {
    wrong(span, "`" + text + "` is not a URL", "write `\"http://127.0.0.1:8000/health\"`");
    return Optional.empty();
  }

  /** {@code "POST http://127.0.0.1:8000/snapshot"}; without a method: POST. */
  Optional<Way.HttpCall> call(Value value) {
    if (!(value instanceof Value.Text written)) {
      return noUrl(value.span().text(), value.span()).map(none -> new Way.HttpCall("", none));
    }
    int blank = written.text().indexOf(' ');
    String method = blank < 0 ? "POST" : written.text().substring(0, blank);
    if (!METHODS.contains(method)) {
      wrong(
          value.span(),
          "`" + method + "` is not a method of HTTP",
          "write `\"POST http://127.0.0.1:8000/snapshot\"`");
      return Optional.empty();
    }
    return url(written.text().substring(blank + 1).strip(), value.span())
        .map(uri -> new Way.HttpCall(method, uri));
  }

  void wrong(Span span, String message, String help) {
    findings.add(CheckCode.H0305, span, message, help);
  }
}
