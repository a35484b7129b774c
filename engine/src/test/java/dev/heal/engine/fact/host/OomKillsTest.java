package dev.heal.engine.fact.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.host.OomKills.Found;
import dev.heal.engine.fact.host.OomKills.Member;
import dev.heal.engine.source.host.HostFiles.Segments;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is told to have been killed for memory, and who is not. */
class OomKillsTest {
  private static final Path OURS = Path.of("/g/heal");
  private static final Path OWN = Path.of("/g/llm");
  private static final EntityId LLM = EntityId.service("n1", "llm");
  private static final EntityId WEB = EntityId.service("n1", "web");
  private static final Found NOBODY = new Found(Map.of(), 0);

  private final OomKills kills = new OomKills(Optional.of(OURS));

  private Found look(Map<EntityId, Member> members, Path group, long count) {
    assertThat(kills.groups(members)).contains(group);
    return kills.look(members, Map.of(group, count));
  }

  @Test
  void aGroupOfItsOwnSaysWhoseTheKillIs() {
    Map<EntityId, Member> running = Map.of(LLM, new Member(7, OWN));
    assertThat(look(running, OWN, 5)).as("of before").isEqualTo(NOBODY);
    assertThat(look(running, OWN, 7)).as("workers of it").isEqualTo(new Found(Map.of(LLM, 2L), 0));
    assertThat(look(running, OWN, 7)).isEqualTo(NOBODY);
    assertThat(look(Map.of(), OWN, 8)).as("it is gone").isEqualTo(new Found(Map.of(LLM, 1L), 0));
  }

  @Test
  void inASharedGroupItIsTheOneThatHasEnded() {
    Map<EntityId, Member> both = Map.of(LLM, new Member(7, OURS), WEB, new Member(8, OURS));
    assertThat(look(both, OURS, 0)).isEqualTo(NOBODY);
    assertThat(look(Map.of(LLM, new Member(9, OURS), WEB, new Member(8, OURS)), OURS, 1))
        .as("started again meanwhile")
        .isEqualTo(new Found(Map.of(LLM, 1L), 0));
  }

  @Test
  void anEndThatIsSeenALookLaterCounts() {
    Map<EntityId, Member> both = Map.of(LLM, new Member(7, OURS), WEB, new Member(8, OURS));
    assertThat(look(both, OURS, 0)).isEqualTo(NOBODY);
    assertThat(look(both, OURS, 1)).isEqualTo(NOBODY);
    assertThat(look(Map.of(LLM, new Member(7, OURS)), OURS, 1))
        .isEqualTo(new Found(Map.of(WEB, 1L), 0));
  }

  @Test
  void nobodyIsAccusedWhereItMayBeSomebodyElse() {
    Map<EntityId, Member> one = Map.of(LLM, new Member(7, OURS));
    assertThat(look(one, OURS, 0)).isEqualTo(NOBODY);
    assertThat(look(one, OURS, 1)).as("perhaps a child of the engine's own").isEqualTo(NOBODY);
    assertThat(look(one, OURS, 1)).isEqualTo(new Found(Map.of(), 1));
    assertThat(look(one, OURS, 1)).isEqualTo(NOBODY);
  }

  @Test
  void lossIsSaidWhereEnoughWasSent() {
    TcpLoss loss = new TcpLoss();
    assertThat(loss.share(new Segments(1000, 10))).isEmpty();
    assertThat(loss.share(new Segments(1050, 20))).as("60 are too few").isEmpty();
    assertThat(loss.share(new Segments(1180, 30))).contains(0.1);
    assertThat(loss.share(new Segments(5, 0))).as("counters began anew").isEmpty();
    for (int i = 1; i <= 20; i++) {
      loss.share(new Segments(5 + 100 * i, 0));
    }
    assertThat(loss.share(new Segments(5 + 2000, 0))).contains(0.0);
  }
}
