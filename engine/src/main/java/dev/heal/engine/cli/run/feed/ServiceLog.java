package dev.heal.engine.cli.run.feed;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.host.LogFeed;
import dev.heal.engine.fact.host.LogInterest;
import dev.heal.engine.fact.log.LogOptions;
import dev.heal.engine.loop.live.Intake;
import dev.heal.engine.source.inbox.Importance;
import dev.heal.engine.source.log.StampRules;
import java.util.OptionalInt;

/** The lines of one service, from wherever they come. */
public final class ServiceLog {
  /** What a line takes besides its text. */
  private static final int LINE_BYTES = 200;

  private final LogFeed feed;
  private final Intake intake;

  /**
   * @param service {@code service:n1/llm}
   */
  public ServiceLog(EntityId service, LogInterest interest, Intake intake) {
    String node = service.host().orElse("localhost");
    String name = service.name().substring(service.name().indexOf('/') + 1);
    this.feed =
        new LogFeed(
            service,
            "log",
            new LogOptions(node, name, StampRules.NONE, OptionalInt.empty()),
            interest);
    this.intake = intake;
  }

  /**
   * Hands a line over.
   *
   * @param source it comes from
   * @param taken is run on the loop's thread with a line that may decide something; not with noise
   */
  void line(String source, String text, Runnable taken) {
    LogFeed.Told told = feed.line(text);
    intake.heard(
        told.isNoise() ? Importance.NOISE : Importance.FAULT,
        source,
        told.isNoise()
            ? told::at
            : stamp -> {
              taken.run();
              return told.at(stamp);
            },
        LINE_BYTES + 2 * text.length());
  }
}
