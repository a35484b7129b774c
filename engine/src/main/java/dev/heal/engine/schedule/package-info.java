/**
 * When: ladders, their rungs, steps, deadlines and pauses. In: proposals, outcomes, verdicts of the
 * confirmations, the time. Out: orders and the entries that explain them. Never: a clock, a hand on
 * a machine.
 */
@NullMarked
package dev.heal.engine.schedule;

import org.jspecify.annotations.NullMarked;
