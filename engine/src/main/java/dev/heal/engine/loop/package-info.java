/**
 * One thread, and the only code that knows the order of the stages. In: facts, outcomes, the time.
 * Out: entries. Never: a rule of its own about what is to be done.
 */
@NullMarked
package dev.heal.engine.loop;

import org.jspecify.annotations.NullMarked;
