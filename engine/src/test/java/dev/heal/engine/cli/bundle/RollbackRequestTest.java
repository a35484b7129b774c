package dev.heal.engine.cli.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is said to the engine is what it reads. */
class RollbackRequestTest {
  @Test
  void bothEndsAgree() {
    for (RollbackRequest request :
        List.of(
            new RollbackRequest(OptionalLong.empty(), false),
            new RollbackRequest(OptionalLong.of(12), false),
            new RollbackRequest(OptionalLong.of(1), true))) {
      assertThat(RollbackRequest.parse(request.words())).hasValue(request);
    }
    assertThat(new RollbackRequest(OptionalLong.of(12), true).words())
        .containsExactly("rollback", "generation=12", "cancel=yes");
  }

  @Test
  void aReasonAndACallerAreLeftToOthers() {
    assertThat(
            RollbackRequest.parse(
                List.of("rollback", "generation=3", "because=it is worse", "by=alice")))
        .hasValue(new RollbackRequest(OptionalLong.of(3), false));
  }

  @Test
  void whatMakesNoSenseIsNone() {
    for (List<String> words :
        List.of(
            List.<String>of(),
            List.of("pause"),
            List.of("rollback", "generation=0"),
            List.of("rollback", "generation=-1"),
            List.of("rollback", "generation=x"),
            List.of("rollback", "generation=9999999999999999999"),
            List.of("rollback", "generation=1", "generation=2"),
            List.of("rollback", "cancel=no"),
            List.of("rollback", "12"),
            List.of("rollback", "=x"))) {
      assertThat(RollbackRequest.parse(words)).as(words.toString()).isEmpty();
    }
  }
}
