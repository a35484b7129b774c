package dev.heal.dsl.policy;

import java.time.Duration;

/** Where the number of a {@link Condition.NumberTest} comes from. */
public sealed interface NumberSource {
  String meaning();

  /** The last sample. */
  record Latest(Reading reading) implements NumberSource {
    @Override
    public String meaning() {
      return Meaning.of(reading);
    }
  }

  /** The functions over a sliding window of samples. */
  enum Function {
    AVG,
    MIN,
    MAX,
    /** Growth over the window, resets of a counter bridged. */
    INCREASE,
    /** {@link #INCREASE} per second. */
    RATE
  }

  /**
   * A function of the samples with {@code now - window < t <= now}, in sample order. Unknown with
   * no sample in the window ({@code INCREASE} and {@code RATE}: with fewer than two).
   */
  record Window(Function function, Reading reading, Duration window) implements NumberSource {
    @Override
    public String meaning() {
      return function + "(" + Meaning.of(reading) + "," + window + ")";
    }
  }

  /** How many matching events with {@code now - window < t <= now}; never unknown. */
  record Count(Condition.Happens event, Duration window) implements NumberSource {
    @Override
    public String meaning() {
      return "count(" + event.meaning() + "," + window + ")";
    }
  }

  /**
   * The last value over the mean of the {@code samples} before it; unknown before there are so
   * many.
   */
  record Ratio(Reading reading, int samples) implements NumberSource {
    @Override
    public String meaning() {
      return "ratio(" + Meaning.of(reading) + "," + samples + ")";
    }
  }

  /**
   * The value {@code ahead} from now, by least squares over the samples of the last {@code ahead};
   * unknown with fewer than two samples at different times.
   */
  record Forecast(Reading reading, Duration ahead) implements NumberSource {
    @Override
    public String meaning() {
      return "forecast(" + Meaning.of(reading) + "," + ahead + ")";
    }
  }
}
