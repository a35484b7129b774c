package dev.heal.engine.cli.bundle;

import dev.heal.dsl.diagnostic.HumanRenderer;
import dev.heal.engine.reload.store.Generation;
import dev.heal.engine.reload.store.GenerationStore.Listed;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Generations for people and programs. */
public final class GenerationText {
  private static final String ROW = "%-10s  %-20s  %-12s  %s\n";

  private GenerationText() {}

  /** Above the lines. */
  public static String heading() {
    return ROW.formatted("GENERATION", "IN FORCE SINCE", "POLICIES", "FROM");
  }

  /** One line. */
  public static String line(Listed listed) {
    if (listed instanceof Listed.Damaged damaged) {
      return ROW.formatted(damaged.number(), "damaged", "", HumanRenderer.safe(damaged.why()));
    }
    Listed.Whole whole = (Listed.Whole) listed;
    Generation generation = whole.generation();
    return ROW.formatted(
        generation.number() + (whole.inForce() ? " *" : ""),
        generation.instant().truncatedTo(ChronoUnit.SECONDS),
        generation.policies().brief(),
        HumanRenderer.safe(from(generation)));
  }

  private static String from(Generation generation) {
    StringBuilder text = new StringBuilder(generation.origin());
    Optional<Generation.Signed> signed = generation.signed();
    signed.ifPresent(
        s ->
            text.append(
                "; %s revision %d, signed by %s".formatted(s.name(), s.revision(), s.signer())));
    if (generation.rolledBackFrom().isPresent()) {
      text.append("; rolled back from ").append(generation.rolledBackFrom().getAsLong());
    }
    return text.toString();
  }

  /** One JSON object on one line. */
  public static String json(Listed listed) {
    return BundleText.object(
        json -> {
          json.writeNumberField("generation", listed.number());
          if (listed instanceof Listed.Damaged damaged) {
            json.writeBooleanField("damaged", true);
            json.writeStringField("why", damaged.why());
          } else if (listed instanceof Listed.Whole whole) {
            Generation generation = whole.generation();
            json.writeBooleanField("in_force", whole.inForce());
            json.writeStringField("at", generation.instant().toString());
            json.writeStringField("policies", generation.policies().toString());
            json.writeStringField("origin", generation.origin());
            if (generation.signed().isPresent()) {
              Generation.Signed signed = generation.signed().get();
              json.writeStringField("set", signed.name());
              json.writeNumberField("revision", signed.revision());
              json.writeStringField("digest", signed.bundle().toString());
              json.writeStringField("signer", signed.signer());
            }
            if (generation.rolledBackFrom().isPresent()) {
              json.writeNumberField("rolled_back_from", generation.rolledBackFrom().getAsLong());
            }
          }
        });
  }
}
