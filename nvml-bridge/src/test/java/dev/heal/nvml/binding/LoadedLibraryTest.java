package dev.heal.nvml.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of two libraries at once is called directly. */
class LoadedLibraryTest {
  @TempDir private Path one;
  @TempDir private Path other;

  @Test
  void theFirstIsCalledDirectlyAndAnotherWhenItIsGone() throws IOException {
    try (FakeMachine first = FakeMachine.of("h100x8", one);
        FakeMachine second = FakeMachine.of("old-driver", other)) {
      LoadedLibrary direct = LoadedLibrary.use(first.library());
      LoadedLibrary same = LoadedLibrary.use(first.library());
      LoadedLibrary lookedUp = LoadedLibrary.use(second.library());

      assertThat(direct.calls()).isInstanceOf(DirectCalls.class);
      assertThat(same).isSameAs(direct);
      assertThat(lookedUp.calls()).isInstanceOf(LookedUpCalls.class);

      direct.release();
      assertThat(lookedUp.calls())
          .as("the first has still a user")
          .isInstanceOf(LookedUpCalls.class);
      same.release();
      assertThat(lookedUp.calls()).isInstanceOf(DirectCalls.class);
      lookedUp.release();
    }
  }

  @Test
  void whatADriverLacksIsNotCalled() throws IOException {
    try (FakeMachine machine = FakeMachine.of("old-driver", one)) {
      LoadedLibrary old = LoadedLibrary.use(machine.library());
      Calls calls = old.calls();
      assertThat(calls).isInstanceOf(DirectCalls.class);

      assertThat(calls.read(Symbol.REMAP_HISTOGRAM, 0, 0)).isEqualTo(ReturnCode.FUNCTION_NOT_FOUND);
      assertThat(calls.read(Symbol.POWER_USAGE, 0, 0)).isEqualTo(ReturnCode.UNINITIALIZED);
      assertThat(calls.read(Symbol.MINOR_NUMBER, 0, 0)).isEqualTo(ReturnCode.UNINITIALIZED);
      assertThat(machine.number("heal_fake_open")).isZero();
      old.release();
    }
  }
}
