/**
 * Which policies match where: Drools, and only here. In: raised faults, conditions that hold,
 * relations, active suppressors. Out: the whole current set of proposals. Never: time, state of its
 * own, a side effect of a rule other than its proposal.
 */
@NullMarked
package dev.heal.engine.rule;

import org.jspecify.annotations.NullMarked;
