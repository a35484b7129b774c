/**
 * The journal on the disk: an SQLite database in the state folder. In: batches of changes. Out:
 * whether they are durable, what an engine left behind, and what happened, also for another
 * process. Never: two engines on one folder, half a batch, a failure in silence.
 */
@NullMarked
package dev.heal.engine.journal.store;

import org.jspecify.annotations.NullMarked;
