/**
 * Whether a repair may begin. In: proposals, the open ladders, the ledger of what was begun. Out:
 * act, or hold with its reason. Never: a clock, a side effect outside its own ledgers.
 */
@NullMarked
package dev.heal.engine.decide;

import org.jspecify.annotations.NullMarked;
