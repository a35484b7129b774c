package dev.heal.engine.fact;

import dev.heal.dsl.policy.Condition;

/**
 * Since when the part of a {@code … for D} has been true.
 *
 * @param since {@link Series#NEVER} where it is not
 */
record HeldSince(Condition.Held condition, long since) {}
