/**
 * Which policies match where: Drools, and only here. In: raised faults, conditions that hold,
 * relations, active suppressors. Out: the whole current set of proposals, each with the parent that
 * suppresses it, and a version that grows when the set changes. Never: time, state of its own, a
 * side effect of a rule other than its proposal.
 */
@NullMarked
package dev.heal.engine.rule;

import org.jspecify.annotations.NullMarked;
