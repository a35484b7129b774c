/**
 * Every input of the loop, in loop order, to be replayed. In: facts, outcomes and commands with
 * their stamps. Out: compressed segments of JSON Lines of bounded size, and the inputs again.
 * Never: a delay of the loop, an input lost in silence.
 */
@NullMarked
package dev.heal.engine.journal.recording;

import org.jspecify.annotations.NullMarked;
