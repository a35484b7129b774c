/**
 * Facts as JSON Lines. In: lines. Out: facts, or why a line is none. Never: a guess at what a
 * malformed line meant.
 */
@NullMarked
package dev.heal.engine.fact.json;

import org.jspecify.annotations.NullMarked;
