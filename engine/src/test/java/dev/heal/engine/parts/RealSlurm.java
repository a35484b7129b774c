package dev.heal.engine.parts;

import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A Slurm of the test's own: a controller and the nodes {@code node1} to {@code node3}. */
public final class RealSlurm implements AutoCloseable {
  private static final int NODES = 3;
  private static final String CONFIG =
      """
      ClusterName=heal
      SlurmctldHost=localhost(127.0.0.1)
      SlurmctldPort=%2$d
      SlurmUser=root
      AuthType=auth/munge
      AuthInfo=socket=%1$s/munge.sock
      CredType=cred/munge
      StateSaveLocation=%1$s/state
      SlurmdSpoolDir=%1$s/spool/%%n
      SlurmctldPidFile=%1$s/slurmctld.pid
      SlurmdPidFile=%1$s/slurmd-%%n.pid
      SlurmctldLogFile=%1$s/slurmctld.log
      SlurmdLogFile=%1$s/slurmd-%%n.log
      ProctrackType=proctrack/pgid
      TaskPlugin=task/none
      JobAcctGatherType=jobacct_gather/none
      SelectType=select/cons_tres
      SelectTypeParameters=CR_Core
      ReturnToService=2
      SlurmdTimeout=5
      JobRequeue=1
      MpiDefault=none
      SwitchType=switch/none
      SlurmdParameters=config_overrides
      %3$sPartitionName=main Nodes=node[1-3] Default=YES State=UP
      """;

  private final Path folder;
  private final List<Process> daemons = new ArrayList<>();

  private RealSlurm(Path folder) throws IOException {
    this.folder = folder;
    for (String name : List.of("state", "spool", "bin")) {
      Files.createDirectories(folder.resolve(name));
    }
    StringBuilder nodes = new StringBuilder();
    for (int i = 1; i <= NODES; i++) {
      nodes.append(
          "NodeName=node%d NodeAddr=127.0.0.1 NodeHostname=localhost Port=%d CPUs=4 RealMemory=1000 State=UNKNOWN\n"
              .formatted(i, Part.freePort()));
    }
    Files.writeString(
        folder.resolve("slurm.conf"), CONFIG.formatted(folder, Part.freePort(), nodes));
    for (String tool : List.of("scontrol", "squeue", "sinfo", "sbatch", "scancel")) {
      Path wrapper = folder.resolve("bin").resolve(tool);
      Files.writeString(
          wrapper,
          "#!/bin/sh\nSLURM_CONF=%s exec /usr/bin/%s \"$@\"\n"
              .formatted(folder.resolve("slurm.conf"), tool));
      Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    munge();
    daemon("slurmctld", "/usr/sbin/slurmctld", "-D");
    for (int i = 1; i <= NODES; i++) {
      daemon("slurmd-node" + i, "/usr/sbin/slurmd", "-D", "-N", "node" + i);
    }
    FakeMachine.await(() -> states().equals(Collections.nCopies(NODES, "idle")));
  }

  /** Starts it, or skips the test. */
  public static RealSlurm start(Path folder) throws IOException {
    Part.need(
        "a real Slurm",
        "slurmctld slurmd slurm-client munge",
        true,
        "/usr/sbin/slurmctld",
        "/usr/sbin/slurmd",
        "/usr/sbin/munged",
        "/usr/bin/scontrol");
    return new RealSlurm(folder);
  }

  private void munge() throws IOException {
    Path key = folder.resolve("munge.key");
    byte[] bytes = new byte[1024];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31); // nobody else is to be kept out
    }
    Files.write(key, bytes);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    daemon(
        "munged",
        "/usr/sbin/munged",
        "--foreground",
        "--force",
        "--num-threads=1",
        "--key-file=" + key,
        "--socket=" + folder.resolve("munge.sock"),
        "--log-file=" + folder.resolve("munged.log"),
        "--pid-file=" + folder.resolve("munged.pid"),
        "--seed-file=" + folder.resolve("munged.seed"));
    FakeMachine.await(() -> Files.exists(folder.resolve("munge.sock")));
  }

  private void daemon(String name, String... argv) {
    daemons.add(
        Part.start(
            folder.resolve(name + ".out"),
            Map.of("SLURM_CONF", folder.resolve("slurm.conf").toString()),
            List.of(argv)));
  }

  /** {@code scontrol} for this cluster; {@code squeue} and the others lie beside it. */
  public String scontrol() {
    return folder.resolve("bin/scontrol").toString();
  }

  /** Runs one of its tools; what it said. */
  public String tool(String name, String... words) {
    return Part.run(
        Map.of(),
        Stream.concat(Stream.of(folder.resolve("bin").resolve(name).toString()), Stream.of(words))
            .toList());
  }

  private List<String> states() {
    try {
      return tool("sinfo", "-h", "-N", "-o", "%T").lines().toList();
    } catch (AssertionError notYet) {
      return List.of();
    }
  }

  /** Submits a job; its id. */
  public String submit(String shell) {
    return tool("sbatch", "--parsable", "-o", "/dev/null", "--wrap", shell);
  }

  /** {@code RUNNING node1}. */
  public String job(String id) {
    return tool("squeue", "-h", "-j", id, "-o", "%T %N");
  }

  @Override
  public void close() {
    try {
      String unused = tool("scancel", "--full", "-u", "root");
      FakeMachine.await(() -> tool("squeue", "-h").isEmpty());
    } finally {
      Collections.reverse(daemons);
      daemons.forEach(Part::end);
    }
  }

  /** What a daemon wrote, for a test that fails. */
  public String log(String daemon) {
    try {
      return Files.readString(folder.resolve(daemon + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
