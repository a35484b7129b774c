package dev.heal.engine.cli;

import dev.heal.engine.reload.bundle.RefusedException;
import dev.heal.engine.reload.origin.Address;
import dev.heal.engine.reload.origin.Authorities;
import dev.heal.engine.reload.origin.Fetcher;
import dev.heal.engine.reload.origin.Origin;
import dev.heal.engine.reload.origin.RemoteOrigin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Who may sign policies, and where signed ones are had from. */
final class OriginOptions {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @Option(
      names = "--trust",
      paramLabel = "PATH",
      description =
          "Public keys that may sign policies, a file or a folder of *.pem and *.pub. With it,"
              + " whatever none of them has signed is refused; the site's file then belongs into"
              + " the signed folder.")
  private Optional<Path> trust = Optional.empty();

  @Option(
      names = "--peer",
      paramLabel = "URL",
      description =
          "Another engine that is asked for its signed policies where none of our own can be used."
              + " Repeatable.")
  private List<String> peers = new ArrayList<>();

  @Option(
      names = "--centre",
      paramLabel = "URL",
      description = "Where signed bundles come from: asked every 30 s, and where all else fails.")
  private Optional<String> centre = Optional.empty();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Holds the bearer token for the centre and peers; read at each request.")
  private Optional<Path> token = Optional.empty();

  @Option(
      names = "--authorities",
      paramLabel = "FILE",
      description =
          "Certificates that vouch for the centre and peers (default: those of this host).")
  private Optional<Path> authorities = Optional.empty();

  Optional<Path> trust() {
    return trust;
  }

  List<Origin> peers() throws InputException {
    return peers.isEmpty() ? List.of() : remote(peers.stream(), RemoteOrigin::peer);
  }

  Optional<Origin> centre() throws InputException {
    return centre.isEmpty()
        ? Optional.empty()
        : remote(centre.stream(), RemoteOrigin::centre).stream().findFirst();
  }

  private interface Kind {
    Origin of(Address address, Fetcher fetcher);
  }

  private List<Origin> remote(java.util.stream.Stream<String> urls, Kind kind)
      throws InputException {
    if (trust.isEmpty()) {
      throw new UsageException(
          "what comes from a peer or the centre is used only where --trust names the keys that may"
              + " sign it");
    }
    Fetcher fetcher = fetcher();
    List<Origin> origins = new ArrayList<>();
    for (String url : urls.toList()) {
      Address.Parsed parsed = Address.parse(url, true);
      Address address =
          parsed
              .address()
              .orElseThrow(() -> new UsageException("`" + url + "`: " + parsed.problem()));
      origins.add(kind.of(address, fetcher));
    }
    return origins;
  }

  private Fetcher fetcher() throws InputException {
    try {
      Optional<Authorities> known =
          authorities.isPresent()
              ? Optional.of(Authorities.load(authorities.get()))
              : Optional.empty();
      return new Fetcher(CONNECT, DEADLINE, known, token);
    } catch (RefusedException unusable) {
      throw new InputException(unusable.refusal().text(), unusable.refusal().help());
    }
  }
}
