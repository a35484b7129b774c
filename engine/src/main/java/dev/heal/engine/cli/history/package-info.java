/**
 * How {@code heal history} and {@code heal explain} show the journal. In: incidents, their entries
 * and orders. Out: text, or JSON. Never: a reason that the journal does not hold.
 */
@NullMarked
package dev.heal.engine.cli.history;

import org.jspecify.annotations.NullMarked;
