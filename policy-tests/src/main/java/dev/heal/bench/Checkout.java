package dev.heal.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/** The working copy whose launcher is measured; a test of the benchmarks has none. */
record Checkout(Path root) {
  /** What {@code policy-tests/bench} says, else the folder in which we were started. */
  static Checkout ofProperty() {
    return new Checkout(Path.of(System.getProperty("heal.root", "")).toAbsolutePath());
  }

  boolean isThere() {
    return Files.isExecutable(path("heal"));
  }

  Path path(String name) {
    return root.resolve(name);
  }
}
