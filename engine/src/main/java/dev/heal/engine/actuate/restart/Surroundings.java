package dev.heal.engine.actuate.restart;

import java.util.Optional;

/**
 * What the site binds around a restart.
 *
 * @param requeue hands back what was pending, after the service is healthy: a way of the site's own
 * @param backlog hands back what was pending, while the service does not run
 */
public record Surroundings(
    Optional<Hook> hold,
    Optional<Hook> snapshot,
    Optional<Hook> resume,
    Optional<Hook> requeue,
    Optional<Backlog> backlog) {}
