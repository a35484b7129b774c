/**
 * Log files that are still written to. In: globs, and how far an engine before this one had read.
 * Out: batches of whole lines with the place before and behind them, and gaps where lines may be
 * lost. Over rotation, truncation and a restart of the engine no line is left out or given twice.
 * Never: what a line means; a clock; a place kept on its own account: whoever takes the lines keeps
 * it, together with them.
 */
@NullMarked
package dev.heal.engine.source.follow;

import org.jspecify.annotations.NullMarked;
