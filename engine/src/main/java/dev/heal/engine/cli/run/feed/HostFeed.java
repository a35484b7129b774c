package dev.heal.engine.cli.run.feed;

import dev.heal.dsl.policy.Site;
import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.host.HostFacts;
import dev.heal.engine.fact.host.OomKills;
import dev.heal.engine.fact.host.TcpLoss;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.host.HostFiles;
import dev.heal.engine.source.inbox.Importance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * This host: its heartbeat (the engine is alive), CPU, memory, disks, losses of TCP, and services
 * of which the kernel killed processes for memory. What cannot be read is silent.
 */
public final class HostFeed implements Feed {
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration USE = Duration.ofSeconds(5);
  private static final Duration NET = Duration.ofSeconds(1);
  private static final Duration OOM = Duration.ofSeconds(1);
  private static final Duration DISKS = Duration.ofSeconds(30);

  private static final String HOST = "host";
  private static final String DISK = "disks of the host";
  private static final String KILLS = "control groups";

  private final HostFiles files;
  private final HostFacts facts;
  private final Duration heartbeat;
  private final Supplier<Map<EntityId, Long>> processes;
  private final Intake intake;
  private final Sources sources;
  private final OomKills oomKills;
  private final TcpLoss loss = new TcpLoss();
  private final ScheduledExecutorService timer = thread("heal-host");
  private final ScheduledExecutorService diskTimer = thread("heal-disks"); // a disk may hang
  private Optional<HostFiles.CpuTime> cpu = Optional.empty();

  /**
   * @param node the node of the site that this host is
   * @param processes the main processes of services that the engine runs itself, now
   */
  public HostFeed(
      Site site,
      String node,
      HostFiles files,
      Supplier<Map<EntityId, Long>> processes,
      Intake intake,
      SourceObserver observer) {
    this.files = files;
    this.facts = new HostFacts(node);
    this.heartbeat =
        site.nodes().stream()
            .filter(one -> one.name().equals(node))
            .flatMap(one -> one.heartbeat().stream())
            .findFirst()
            .orElse(HEARTBEAT);
    this.processes = processes;
    this.intake = intake;
    this.sources = new Sources(observer);
    this.oomKills = new OomKills(files.memoryGroup(ProcessHandle.current().pid()));
    List.of(HOST, DISK, KILLS).forEach(sources::add);
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  @Override
  public void start() {
    intake.expects(HOST, heartbeat);
    intake.expects(DISK, DISKS);
    every(timer, heartbeat, HOST, this::beat);
    every(timer, USE, HOST, this::use);
    every(timer, NET, HOST, this::net);
    every(timer, OOM, KILLS, this::kills);
    every(diskTimer, DISKS, DISK, this::disks);
  }

  private void every(
      ScheduledExecutorService on, Duration period, String source, Sources.Look look) {
    var unused =
        on.scheduleAtFixedRate(
            () -> sources.look(source, look), 0, period.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void beat() {
    intake.heard(Importance.HEALTH, HOST, stamp -> List.of(facts.heartbeat(stamp)));
  }

  private void share(String source, String signal, double share) {
    intake.heard(Importance.SAMPLE, source, stamp -> List.of(facts.share(signal, share, stamp)));
  }

  private void use() throws IOException {
    share(HOST, "memory.used", files.memoryUsed());
    HostFiles.CpuTime now = files.cpu();
    cpu.flatMap(now::usedSince).ifPresent(used -> share(HOST, "cpu.used", used));
    cpu = Optional.of(now);
  }

  private void net() throws IOException {
    loss.share(files.tcp()).ifPresent(share -> share(HOST, "net.loss", share));
  }

  private void disks() throws IOException {
    files.disks().stream()
        .flatMap(disk -> disk.used().stream())
        .max(Double::compare)
        .ifPresent(fullest -> share(DISK, "disk.used", fullest));
  }

  private void kills() {
    Map<EntityId, OomKills.Member> members = new HashMap<>();
    processes
        .get()
        .forEach(
            (service, pid) ->
                files
                    .memoryGroup(pid)
                    .ifPresent(group -> members.put(service, new OomKills.Member(pid, group))));
    Map<Path, Long> counts = new HashMap<>();
    for (Path group : oomKills.groups(members)) {
      HostFiles.kills(group).ifPresent(kills -> counts.put(group, kills));
    }
    OomKills.Found found = oomKills.look(members, counts);
    found
        .killed()
        .forEach(
            (service, kills) ->
                intake.heard(
                    Importance.FAULT,
                    KILLS,
                    stamp -> List.of(HostFacts.oomKill(service, kills, stamp))));
    if (found.unattributed() > 0) {
      sources.count(KILLS, "kills of nobody knows whom", found.unattributed());
      sources.tell(
          KILLS, "the kernel killed a process for memory, and nobody can tell of which service");
    }
  }

  @Override
  public List<SourceStatus> status() {
    return sources.status();
  }

  @Override
  public void close() {
    List<Runnable> unused = timer.shutdownNow();
    List<Runnable> unusedDisks = diskTimer.shutdownNow();
  }
}
