/**
 * What happened, durably: the values of the journal. In: entries, orders and what became of them.
 * Out: batches of changes for {@code journal.store}, and what it gives back after a crash or to a
 * reader. Never: a clock, or a decision about what to do next.
 */
@NullMarked
package dev.heal.engine.journal;

import org.jspecify.annotations.NullMarked;
