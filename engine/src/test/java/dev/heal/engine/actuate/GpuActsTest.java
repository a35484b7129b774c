package dev.heal.engine.actuate;

import static dev.heal.engine.actuate.Desk.GPU;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;
import dev.heal.engine.schedule.Outcome.Kind;
import dev.heal.nvml.NvmlBridge;
import dev.heal.nvml.NvmlOptions;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GPUs of a fake machine, throttled, put back, and reset. */
class GpuActsTest {
  private static final String SITE = "node n1 { gpu 0..7 }\n";

  @TempDir private Path folder;
  private FakeMachine machine;
  private NvmlBridge bridge;

  @BeforeEach
  void start() throws IOException {
    boolean root =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .anyMatch(line -> line.startsWith("Uid:\t0\t"));
    Assumptions.assumeTrue(root, "SKIPPED: to change a GPU takes root, and this is not root");
    machine = FakeMachine.of("h100x8", folder);
    Path tool = folder.resolve("nvidia-smi");
    Files.writeString(tool, "#!/bin/sh\necho GPU was reset\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    bridge =
        NvmlBridge.open(
            NvmlOptions.ofThisHost().withLibrary(machine.library()).withResetTool(tool));
  }

  @AfterEach
  void stop() {
    if (bridge != null) {
      bridge.close();
      machine.close();
    }
  }

  private double watts() {
    return bridge.control().powerLimit(bridge.gpus().get(0)).value().orElseThrow();
  }

  private static Report report(Kind kind, String because, String... memento) {
    return new Report(
        new Outcome(kind, because),
        memento.length == 0 ? Optional.empty() : Optional.of(memento[0]));
  }

  @Test
  void aThrottleIsWrittenDownBeforeItIsDoneAndPutBack() {
    try (Desk desk = Desk.of(SITE, folder, bridge)) {
      Order order = desk.order("throttle gpu { power 450W, clocks 1200MHz, undo after 1h }", GPU);

      Report done = desk.end(Assignment.of(order));

      String memento = "clocks=none&power=700.0";
      assertThat(done)
          .isEqualTo(report(Kind.DONE, "power limit 450 W, clocks up to 1200 MHz", memento));
      assertThat(desk.kept).containsExactly(memento);
      assertThat(watts()).isEqualTo(450);

      Report undone = desk.end(new Assignment(desk.undo(order), Optional.of(memento)));
      assertThat(undone).isEqualTo(report(Kind.DONE, "power limit 700 W again, clocks free again"));
      assertThat(watts()).isEqualTo(700);
    }
  }

  @Test
  void aSecondThrottleCarriesOnWhatTheFirstReplaced() {
    try (Desk desk = Desk.of(SITE, folder, bridge)) {
      Report first = desk.act("throttle gpu { power 500W, undo after 1h }", GPU);
      Order order = desk.order("throttle gpu { power 400W, undo after 1h }", GPU);
      Report second = desk.end(new Assignment(order, first.memento()));

      assertThat(second).isEqualTo(report(Kind.DONE, "power limit 400 W", "power=700.0"));
      desk.end(new Assignment(desk.undo(order), second.memento()));
      assertThat(watts()).isEqualTo(700);
    }
  }

  @Test
  void whatCannotBeWrittenDownIsNotDone() {
    try (Desk desk = Desk.of(SITE, folder, bridge)) {
      desk.journalIsFull = true;

      assertThat(desk.act("throttle gpu { power 450W, undo after 1h }", GPU))
          .isEqualTo(
              report(
                  Kind.FAILED, "what it replaces could not be written down: nothing was changed"));
      assertThat(watts()).isEqualTo(700);
    }
  }

  @Test
  void aLostMementoPutsBackWhatTheDriverStartsWith() {
    try (Desk desk = Desk.of(SITE, folder, bridge)) {
      Order order = desk.order("throttle gpu { power 450W, undo after 1h }", GPU);
      desk.end(Assignment.of(order));

      assertThat(desk.end(Assignment.of(desk.undo(order))))
          .isEqualTo(
              report(
                  Kind.DONE,
                  "power limit 700 W again, as the driver starts: nobody wrote down what was"
                      + " there"));
      assertThat(watts()).isEqualTo(700);
    }
  }

  @Test
  void bothOrNeither() {
    machine.set("fail nvmlDeviceSetGpuLockedClocks 3 gpu 0");
    try (Desk desk = Desk.of(SITE, folder, bridge)) {
      Report report = desk.act("throttle gpu { power 450W, clocks 1200MHz, undo after 1h }", GPU);

      assertThat(report.outcome().kind()).isEqualTo(Kind.REFUSED);
      assertThat(report.outcome().because()).startsWith("not supported");
      assertThat(watts()).as("taken back").isEqualTo(700);
    }
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    try (Desk desk = Desk.of(SITE, folder, bridge)) {
      Report report = desk.act("throttle gpu { power 100W, undo after 1h }", GPU);

      assertThat(report.outcome().kind()).isEqualTo(Kind.REFUSED);
      assertThat(report.outcome().because())
          .contains("a power limit of 100 W is out of range")
          .endsWith("takes 200 to 700 W");
      assertThat(desk.act("throttle gpu { cpu 50%, undo after 1h }", GPU).outcome())
          .isEqualTo(
              new Outcome(
                  Kind.REFUSED,
                  "nothing says how far: write `throttle gpu { power 450W }` or `{ clocks 1200MHz"
                      + " }`"));
    }
  }

  @Test
  void anAddressOfTheSiteThatNvmlDoesNotSeeIsNoOtherGpu() {
    try (Desk desk = Desk.of("node n1 { gpu 0 { pci \"0000:ff:00\" } }\n", folder, bridge)) {
      assertThat(desk.act("throttle gpu { power 450W, undo after 1h }", GPU))
          .isEqualTo(report(Kind.FAILED, "NVML sees no such GPU: look at `heal gpus`"));
      assertThat(watts()).isEqualTo(700);
    }
  }

  @Test
  void aGpuIsResetUnlessItIsHeld() {
    try (Desk desk = Desk.of(SITE, folder, bridge)) {
      assertThat(desk.act("reset gpu", GPU)).isEqualTo(report(Kind.DONE, "GPU was reset"));
      machine.set("gpu 0 process 1 1GiB");
      Outcome held = desk.act("reset gpu", GPU).outcome();
      assertThat(held.kind()).isEqualTo(Kind.FAILED);
      assertThat(held.because()).contains("is held by 1 (");
    }
  }

  @Test
  void aBindingOfTheSiteGoesBeforeNvml() {
    try (Desk desk =
        Desk.of(
            "node n1 { gpu 0 { reset via command [\"/bin/sh\", \"-c\", \"echo mine\"] } }\n",
            folder,
            bridge)) {
      assertThat(desk.act("reset gpu", GPU))
          .isEqualTo(report(Kind.DONE, "`/bin/sh` ended with 0: mine"));
    }
  }
}
