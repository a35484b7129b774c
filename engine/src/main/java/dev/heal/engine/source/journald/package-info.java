/**
 * The log of the host's journald, through {@code journalctl}. In: whose entries, and the cursor of
 * the last one that was taken. Out: entries, each with its cursor: whoever keeps both together
 * loses and doubles nothing. Never: what an entry means; a cursor kept on its own account.
 */
@NullMarked
package dev.heal.engine.source.journald;

import org.jspecify.annotations.NullMarked;
