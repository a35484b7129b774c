/**
 * The only hands. In: orders, with what the journal knows of them. Out: what became of each, once,
 * and what it replaced. Never: a decision, a shell, a value spliced into a command line, a caller
 * that waits.
 */
@NullMarked
package dev.heal.engine.actuate;

import org.jspecify.annotations.NullMarked;
