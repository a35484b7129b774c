package dev.heal.bench.rival;

import dev.heal.engine.fact.EntityId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What a contender decided. */
public final class Firings {
  private final List<Firing> all = new ArrayList<>();

  private record Firing(String policy, EntityId entity, long at) {}

  /** The policy calls for its repair of the entity, at {@code at}. */
  public void fired(String policy, EntityId entity, long at) {
    all.add(new Firing(policy, entity, at));
  }

  /** What was decided so far counts no longer. */
  public void forget() {
    all.clear();
  }

  public int count() {
    return all.size();
  }

  /**
   * What two contenders that decided the same have in common, whatever the order of what they
   * decided at one instant: the start of a SHA-256 over the sorted firings.
   */
  public String digest() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      all.stream()
          .map(f -> f.at() + " " + f.policy() + " " + f.entity() + "\n")
          .sorted()
          .forEach(line -> sha.update(line.getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(sha.digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
