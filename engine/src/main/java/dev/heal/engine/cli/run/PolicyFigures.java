package dev.heal.engine.cli.run;

import dev.heal.dsl.policy.CheckedPolicy;
import dev.heal.dsl.policy.Policy;
import dev.heal.dsl.text.SourceFile;
import dev.heal.engine.cli.control.status.PoliciesInForce;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What tells policies from others: their digest and how many there are of each mode. */
final class PolicyFigures {
  private PolicyFigures() {}

  /**
   * SHA-256 over the files that declare a fault, a policy or a test, by name: each name and text
   * with a zero behind it. Hexadecimal.
   */
  static String digest(CheckedPolicy policies) {
    Map<String, SourceFile> files = new TreeMap<>();
    policies.faults().forEach(fault -> put(fault.span().file(), files));
    policies.policies().forEach(policy -> put(policy.span().file(), files));
    policies.tests().forEach(test -> put(test.span().file(), files));
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (SourceFile file : files.values()) {
        for (String part : List.of(file.name(), file.text())) {
          digest.update(part.getBytes(StandardCharsets.UTF_8));
          digest.update((byte) 0);
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java platform has SHA-256", missing);
    }
  }

  private static void put(SourceFile file, Map<String, SourceFile> files) {
    files.put(file.name(), file);
  }

  /** As {@code heal status} shows them, without a generation. */
  static PoliciesInForce inForce(CheckedPolicy policies, long since) {
    return new PoliciesInForce(
        OptionalLong.empty(),
        digest(policies),
        since,
        count(policies, Policy.Mode.ENFORCE),
        count(policies, Policy.Mode.APPROVE),
        count(policies, Policy.Mode.OBSERVE),
        List.of());
  }

  private static int count(CheckedPolicy policies, Policy.Mode mode) {
    return (int) policies.policies().stream().filter(policy -> policy.mode() == mode).count();
  }
}
