package dev.heal.engine.cli.run.policy;

import dev.heal.engine.reload.PolicyLoader;

/** There are no policies that an engine could begin with. */
public final class RefusedPolicies extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient PolicyLoader.Loaded loaded;

  RefusedPolicies(PolicyLoader.Loaded loaded) {
    super(loaded.because());
    this.loaded = loaded;
  }

  /** What became of the files. */
  public PolicyLoader.Loaded loaded() {
    return loaded;
  }
}
