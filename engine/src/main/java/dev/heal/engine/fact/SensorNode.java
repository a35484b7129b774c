package dev.heal.engine.fact;

import java.util.List;

/**
 * A test on a signal of the entity, or of its related ones: true when it is of any, unknown when it
 * is of none for sure. A level that was never heard, or is silent, is unknown.
 *
 * @param from facts with an earlier own time are no evidence
 * @param excusing whether what our own order does to the entity is unknown rather than a fault
 */
record SensorNode(List<Series> sensors, long from, boolean level, boolean excusing, Test test)
    implements Node {
  SensorNode {
    sensors = List.copyOf(sensors);
  }

  /** The test on one signal that is heard. */
  interface Test {
    Truth of(Series series, Moment moment);
  }

  @Override
  public Truth look(Moment moment) {
    if (sensors.isEmpty()) {
      return Truth.UNKNOWN;
    }
    Truth truth = Truth.FALSE;
    for (Series series : sensors) {
      truth = truth.or(one(series, moment));
    }
    return truth;
  }

  private Truth one(Series series, Moment moment) {
    if (isOurDoing(series)) {
      return Truth.UNKNOWN;
    }
    if (level && (series.isSilent(moment) || !series.isFresh(from))) {
      return Truth.UNKNOWN;
    }
    return test.of(series, moment);
  }

  @Override
  public boolean isSilent(Moment moment) {
    return level && sensors.stream().anyMatch(s -> !isOurDoing(s) && s.isSilent(moment));
  }

  private boolean isOurDoing(Series series) {
    return excusing && series.disturbance() != Disturbance.NONE;
  }
}
