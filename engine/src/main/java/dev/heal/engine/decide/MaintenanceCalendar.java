package dev.heal.engine.decide;

import dev.heal.dsl.policy.Site;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/** When a declared maintenance is on. */
final class MaintenanceCalendar {
  private MaintenanceCalendar() {}

  /** The end of the window that holds {@code now}, in nanoseconds since the epoch. */
  static Optional<Long> openUntil(List<Site.Window> windows, long now) {
    Optional<Long> latest = Optional.empty();
    for (Site.Window window : windows) {
      Optional<Long> end = openUntil(window, now);
      if (end.isPresent() && (latest.isEmpty() || end.get() > latest.get())) {
        latest = end;
      }
    }
    return latest;
  }

  private static Optional<Long> openUntil(Site.Window window, long now) {
    Instant instant = Instant.ofEpochSecond(0, now);
    LocalDate today = instant.atZone(window.zone()).toLocalDate();
    long back = window.length().toDays() + 1;
    for (long day = 0; day <= back; day++) {
      LocalDate date = today.minusDays(day);
      if (window.weekday().isPresent()
          && date.getDayOfWeek() != DayOfWeek.of(window.weekday().getAsInt())) {
        continue;
      }
      Instant start =
          ZonedDateTime.of(date, LocalTime.MIN.plusMinutes(window.minuteOfDay()), window.zone())
              .toInstant();
      Instant end = start.plus(window.length());
      if (!instant.isBefore(start) && instant.isBefore(end)) {
        return Optional.of(nanos(end));
      }
    }
    return Optional.empty();
  }

  private static long nanos(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
  }
}
