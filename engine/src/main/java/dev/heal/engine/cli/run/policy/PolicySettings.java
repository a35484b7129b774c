package dev.heal.engine.cli.run.policy;

import dev.heal.engine.reload.ReloadRequest.Staging;
import dev.heal.engine.reload.origin.Origin;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the policies of an engine come from.
 *
 * @param files files and folders of policies
 * @param site the machines of the site; empty: they are among the policies
 * @param runTests whether the tests beside the policies must pass
 * @param staging of policies that are new or changed
 * @param trust keys that may sign policies, a file or a folder; empty: nobody signs
 * @param peers other engines that are asked where nothing of our own can be used
 * @param centre where new bundles come from; empty: nowhere
 */
public record PolicySettings(
    List<Path> files,
    Optional<Path> site,
    boolean runTests,
    Staging staging,
    Optional<Path> trust,
    List<Origin> peers,
    Optional<Origin> centre) {
  public PolicySettings {
    files = List.copyOf(files);
    peers = List.copyOf(peers);
  }

  /** Files that change only when somebody says so; nobody signs. */
  public static PolicySettings of(List<Path> files, Optional<Path> site) {
    return new PolicySettings(
        files, site, true, Staging.NONE, Optional.empty(), List.of(), Optional.empty());
  }
}
