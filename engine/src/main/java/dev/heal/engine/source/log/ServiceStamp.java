package dev.heal.engine.source.log;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

/** Stamps inside the messages of services, which stay part of the message. */
final class ServiceStamp {
  private static final int FURTHEST = 64;

  /** {@code E0223 16:24:18.123456} (glog), {@code [E223 16:24:18.123456789} (PyTorch). */
  private static final Pattern GLOG =
      Pattern.compile(
          "^(?:\\[rank\\d+\\]:)?\\[?[IWEF](\\d{1,2})(\\d\\d) (\\d\\d:\\d\\d:\\d\\d\\.\\d{1,9})\\b");

  /** {@code ERROR 02-23 16:24:18 [core.py:343]} (vLLM). */
  private static final Pattern VLLM =
      Pattern.compile(
          "^(?:\\([^)]*\\) )?(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) (\\d\\d)-(\\d\\d) (\\d\\d:\\d\\d:\\d\\d)\\b");

  private ServiceStamp() {}

  static Stamp find(String text, LogClock clock) {
    int colon = text.indexOf(':');
    if (colon < 0 || colon > FURTHEST) {
      return Stamp.NONE;
    }
    for (Pattern pattern : new Pattern[] {GLOG, VLLM}) {
      Matcher matcher = pattern.matcher(text);
      if (matcher.find()) {
        int month = Integer.parseInt(matcher.group(1));
        return Stamp.wall(clock.withoutYear(month, matcher.group(2), matcher.group(3)));
      }
    }
    return Stamp.NONE;
  }
}
