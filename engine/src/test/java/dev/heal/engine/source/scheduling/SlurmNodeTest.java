package dev.heal.engine.source.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of {@code scontrol show node NAME --oneliner}, as version 22.05 writes them. */
class SlurmNodeTest {
  private static final String LINE =
      "NodeName=node1 Arch=x86_64 CoresPerSocket=1  CPUAlloc=0 CPUEfctv=4 CPUTot=4 CPULoad=5.53"
          + " AvailableFeatures=(null) ActiveFeatures=(null) Gres=(null) NodeAddr=127.0.0.1"
          + " NodeHostName=localhost Port=17821 Version=22.05.8 OS=Linux 6.18.44 #1 SMP"
          + " PREEMPT_DYNAMIC @0  RealMemory=1000 AllocMem=0 FreeMem=21279 Sockets=4 Boards=1"
          + " State=%s ThreadsPerCore=1 TmpDisk=0 Weight=1 Owner=N/A MCS_label=N/A Partitions=main "
          + " BootTime=2026-11-27T12:05:38 SlurmdStartTime=2026-11-27T20:20:19"
          + " LastBusyTime=2026-11-27T20:20:20 CfgTRES=cpu=4,mem=1000M,billing=4 AllocTRES="
          + " CapWatts=n/a CurrentWatts=0 AveWatts=0 ExtSensorsJoules=n/s ExtSensorsWatts=0"
          + " ExtSensorsTemp=n/s%s";

  private static StateAnswer read(String state, String behind) {
    return SlurmNode.read("node1", List.of(LINE.formatted(state, behind)));
  }

  private static StateAnswer cordoned(String by) {
    return new StateAnswer.Known(NodeState.cordoned(Optional.of(by)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IDLE",
        "MIXED",
        "ALLOCATED",
        "COMPLETING",
        "IDLE-",
        "IDLE+PLANNED",
        "MIXED+COMPLETING",
        "IDLE+CLOUD",
        "IDLE+DYNAMIC_NORM",
        "IDLE+RESERVED"
      })
  void aNodeThatTakesWork(String state) {
    assertThat(read(state, "")).isEqualTo(new StateAnswer.Known(NodeState.SCHEDULABLE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DOWN",
        "DOWN*",
        "DOWN+NOT_RESPONDING",
        "IDLE*",
        "IDLE+NOT_RESPONDING",
        "ALLOCATED*",
        "IDLE*+CLOUD",
        "IDLE$",
        "IDLE+MAINTENANCE",
        "IDLE+MAINTENANCE+RESERVED",
        "MIXED+FAIL",
        "IDLE@",
        "IDLE+REBOOT_REQUESTED",
        "DOWN+REBOOT_ISSUED",
        "IDLE+POWERED_DOWN",
        "IDLE+INVALID_REG",
        "IDLE+SOMETHING_NEW",
        "FUTURE"
      })
  void aNodeThatTakesNoneAndIsNotCordoned(String state) {
    assertThat(read(state, " Reason=Not responding [slurm@2026-11-27T20:20:25]"))
        .isEqualTo(new StateAnswer.Known(NodeState.DOWN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IDLE+DRAIN",
        "MIXED+DRAIN",
        "ALLOCATED+DRAIN",
        "IDLE*+DRAIN",
        "DOWN+DRAIN",
        "DOWN*+DRAIN",
        "UNKNOWN+DRAIN",
        "IDLE+DRAIN+NOT_RESPONDING",
        "IDLE+DRAIN+REBOOT_REQUESTED",
        "IDLE+MAINTENANCE+DRAIN",
        "DRAINED",
        "DRAINING*"
      })
  void aNodeThatSomebodyHasDrained(String state) {
    assertThat(read(state, " Reason=heal: hot (r1-7) [root@2026-11-27T20:20:25]"))
        .isEqualTo(cordoned("root"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "bad disk, see ticket 12 [alice@2026-11-27T20:20:25] | alice",
        "State=IDLE is what I want [bob-2@2026-11-27T20:20:25] | bob-2",
        "[eve@home] broken [root@2026-11-27T20:20:25] | root",
        "x [eve@2026-01-01T00:00:00] y [root@2026-11-27T20:20:25] | root",
        "x [root@2026-11-27T20:20:25] Comment=bad [eve@2026-01-01T00:00:00] | root",
        "x [1000@2026-11-27T20:20:25] Extra=a b | 1000",
      })
  void whoHasDrainedItStandsBehindTheReason(String reason, String who) {
    assertThat(read("IDLE+DRAIN", " Reason=" + reason)).isEqualTo(cordoned(who));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " Reason=bad disk", " Reason=bad [a, b@2026-11-27T20:20:25]"})
  void whereNobodySaysWhoItWasNobodyIsNamed(String behind) {
    assertThat(read("IDLE+DRAIN", behind))
        .isEqualTo(new StateAnswer.Known(NodeState.cordoned(Optional.empty())));
  }

  @Test
  void whatIsNoStateIsTrouble() {
    assertThat(read("UNKNOWN", ""))
        .isEqualTo(new StateAnswer.Trouble("Slurm says that `node1` is UNKNOWN: that is no state"));
    String nothing = "scontrol has said nothing about the state of `node1`";
    assertThat(SlurmNode.read("node1", List.of())).isEqualTo(new StateAnswer.Trouble(nothing));
    assertThat(SlurmNode.read("node1", List.of("Node node1 not found")))
        .isEqualTo(new StateAnswer.Trouble(nothing));
    assertThat(SlurmNode.read("node1", List.of("NodeName=node1 Reason=x State=IDLE ")))
        .isEqualTo(new StateAnswer.Trouble(nothing));
    assertThat(SlurmNode.read("node", List.of(LINE.formatted("IDLE", ""))))
        .as("of another node")
        .isEqualTo(new StateAnswer.Trouble("scontrol has said nothing about the state of `node`"));
  }
}
