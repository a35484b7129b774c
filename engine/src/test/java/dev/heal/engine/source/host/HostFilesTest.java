package dev.heal.engine.source.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heal.engine.source.host.HostFiles.CpuTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the kernel, as they are on hosts of several kinds. */
class HostFilesTest {
  private static final List<String> V1 =
      List.of("4:memory:/system.slice/llm.service", "1:name=systemd:/x", "0::/y");
  private static final List<String> V2 = List.of("0::/system.slice/llm.service");

  @TempDir private Path folder;

  private HostFiles with(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    return new HostFiles(folder);
  }

  @Test
  void cpuTimeIsThatOfAllCpus() throws IOException {
    CpuTime before = with("stat", "cpu  100 0 50 800 50 0 0 0 7 0\ncpu0 1 1 1 1\n").cpu();
    CpuTime after = with("stat", "cpu  130 0 60 850 60 0 0 0 7 0\n").cpu();
    assertThat(before).isEqualTo(new CpuTime(850, 1000));
    assertThat(after.usedSince(before)).contains(0.4);
    assertThat(after.usedSince(after)).isEmpty();
    assertThat(before.usedSince(after)).as("it was set back").isEmpty();
    HostFiles without = with("stat", "intr 1\n");
    assertThatThrownBy(without::cpu).hasMessageContaining("has no line `cpu`");
    HostFiles odd = with("stat", "cpu a b c d e\n");
    assertThatThrownBy(odd::cpu).isInstanceOf(IOException.class);
  }

  @Test
  void memoryThatCannotBeHadIsUsed() throws IOException {
    assertThat(
            with("meminfo", "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 250 kB\n")
                .memoryUsed())
        .isCloseTo(0.75, within(1e-9));
    assertThat(
            with("meminfo", "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 50 kB\n")
                .memoryUsed())
        .as("a kernel of before 3.14")
        .isCloseTo(0.8, within(1e-9));
    HostFiles empty = with("meminfo", "MemTotal: 0 kB\n");
    assertThatThrownBy(empty::memoryUsed).hasMessageContaining("how much memory there is");
  }

  @Test
  void segmentsAreFoundByTheirNames() throws IOException {
    assertThat(
            with(
                    "net/snmp",
                    "Ip: A\nIp: 1\nTcp: RtoMin InSegs OutSegs RetransSegs\nTcp: 200 5 1000 7\n")
                .tcp())
        .isEqualTo(new HostFiles.Segments(1000, 7));
    HostFiles without = with("net/snmp", "Tcp: RtoMin\nTcp: 200\n");
    assertThatThrownBy(without::tcp).hasMessageContaining("does not count segments");
  }

  @Test
  void onlyDisksThatCanFillAreLookedAt() {
    assertThat(
            Disk.of(
                List.of(
                    "26 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
                    "27 26 8:1 /var /srv/bind rw - ext4 /dev/sda1 rw",
                    "28 26 7:1 / /snap/core ro - squashfs /dev/loop1 ro",
                    "29 26 0:40 / /home/my\\040files rw - zfs tank/home rw",
                    "30 26 0:41 / /mnt/nfs rw - nfs4 server:/x rw",
                    "31 26 0:42 / /run rw - tmpfs tmpfs rw",
                    "32 26 8:2 / /boot ro,relatime - vfat /dev/sda2 rw",
                    "33 26 0:43 / /proc rw - proc proc rw",
                    "34 26 0:44 / /merged rw - overlay overlay rw",
                    "torn")))
        .containsExactly(
            new Disk(Path.of("/")),
            new Disk(Path.of("/home/my files")),
            new Disk(Path.of("/merged")));
    assertThat(new Disk(Path.of("/no/such/place")).used()).isEmpty();
    assertThat(new Disk(folder).used().orElseThrow()).isBetween(0.0, 1.0);
  }

  @Test
  void killsAreCountedByEitherVersionOfControlGroups() throws IOException {
    Path one = folder.resolve("memory");
    Path two = folder.resolve("unified");
    Files.createDirectories(one.resolve("system.slice/llm.service"));
    Files.createDirectories(two.resolve("system.slice/llm.service"));
    List<String> mounts =
        List.of(
            "34 30 0:31 / %s rw - cgroup cgroup rw,memory".formatted(one),
            "35 30 0:32 / %s rw - cgroup2 cgroup2 rw".formatted(two));
    assertThat(MemoryGroups.find(mounts, V1)).as("nothing counts there").isEmpty();

    Path first = one.resolve("system.slice/llm.service");
    Files.writeString(
        first.resolve("memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
    Path second = two.resolve("system.slice/llm.service");
    Files.writeString(second.resolve("memory.events"), "low 0\nhigh 0\nmax 9\noom 2\noom_kill 4\n");

    assertThat(MemoryGroups.find(mounts, V1)).contains(first);
    assertThat(HostFiles.kills(first)).isEqualTo(OptionalLong.of(3));
    assertThat(MemoryGroups.find(mounts, V2)).contains(second);
    assertThat(HostFiles.kills(second)).isEqualTo(OptionalLong.of(4));
    assertThat(HostFiles.kills(folder)).isEmpty();
  }

  @Test
  void aGroupOutsideOfWhatIsMountedIsNotFound() throws IOException {
    Path mounted = folder.resolve("memory");
    Files.createDirectories(mounted.resolve("b"));
    Files.writeString(mounted.resolve("b/memory.events"), "oom_kill 1\n");
    List<String> mounts = List.of("35 30 0:32 /a %s rw - cgroup2 cgroup2 rw".formatted(mounted));
    assertThat(MemoryGroups.find(mounts, List.of("0::/a/b"))).contains(mounted.resolve("b"));
    assertThat(MemoryGroups.find(mounts, List.of("0::/c/b"))).isEmpty();
    assertThat(MemoryGroups.find(mounts, List.of("0::/../b"))).isEmpty();
  }

  @Test
  void thisHostCanBeRead() throws IOException {
    HostFiles here = HostFiles.OF_THIS_HOST;
    assertThat(here.cpu().total()).isPositive();
    assertThat(here.memoryUsed()).isBetween(0.0, 1.0);
    assertThat(here.tcp().sent()).isNotNegative();
    assertThat(here.disks()).isNotEmpty();
  }
}
