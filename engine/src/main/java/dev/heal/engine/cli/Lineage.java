package dev.heal.engine.cli;

import dev.heal.engine.reload.bundle.Manifest;
import dev.heal.engine.reload.bundle.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** Which bundle of which set it is to be, and what it was made from. */
final class Lineage {
  private static final String USUAL_NAME = "policies";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Of the set of policies; a host takes one set only (default: the parent's).")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--revision",
      paramLabel = "N",
      description = "Higher than every one before it (default: one more than the parent's).")
  private Optional<Long> revision = Optional.empty();

  @Option(
      names = "--parent",
      paramLabel = "PATH",
      description = "The bundle, or signed folder, that these policies were made from.")
  private Optional<Path> parent = Optional.empty();

  Optional<Manifest> parent() throws IOException {
    if (parent.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(PolicyPlace.bundle(parent.get()).manifest());
    } catch (RefusedException refused) {
      throw PolicyPlace.refused(parent.get(), refused);
    }
  }

  /** Whether a parent was named. */
  boolean namesParent() {
    return parent.isPresent();
  }

  /** Whether another bundle is asked for than the one that is there. */
  boolean isGiven() {
    return parent.isPresent() || name.isPresent() || revision.isPresent();
  }

  String name(Optional<Manifest> from) {
    String chosen = name.or(() -> from.map(Manifest::name)).orElse(USUAL_NAME);
    if (!Manifest.isName(chosen)) {
      throw new UsageException(
          "`%s` is no name of a set: letters a to z, digits, and . _ - inside".formatted(chosen));
    }
    if (from.isPresent() && !from.get().name().equals(chosen)) {
      throw new UsageException(
          "the parent is of the set `%s`, not `%s`".formatted(from.get().name(), chosen));
    }
    return chosen;
  }

  long revision(Optional<Manifest> from) {
    long least = from.map(Manifest::revision).orElse(0L) + 1;
    long chosen = revision.orElse(least);
    if (chosen < least || chosen > Manifest.LAST_REVISION) {
      throw new UsageException("--revision is a number from " + least + " on");
    }
    return chosen;
  }

  /** The revision that was asked for. */
  OptionalLong asked() {
    return revision.isPresent() ? OptionalLong.of(revision.get()) : OptionalLong.empty();
  }
}
