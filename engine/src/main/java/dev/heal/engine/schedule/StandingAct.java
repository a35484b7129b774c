package dev.heal.engine.schedule;

import dev.heal.engine.fact.EntityId;
import dev.heal.engine.fact.FaultInstance;
import java.util.OptionalLong;

/**
 * Something that was done and is to be taken back, to be shown.
 *
 * @param dueAt when it is undone, or tried again; empty: when its fault clears, or on a reset
 * @param failures how often undoing it has failed
 */
public record StandingAct(
    String verb, EntityId target, FaultInstance instance, OptionalLong dueAt, int failures) {}
