/**
 * Other policies into force while the engine runs. In: texts of policies, taken as a whole. Out:
 * the next generation in force, or the one before with the reason why it stays. Never: anything
 * that is not checked in force, a decision of its own, a wait on the thread of the loop.
 */
@NullMarked
package dev.heal.engine.reload;

import org.jspecify.annotations.NullMarked;
