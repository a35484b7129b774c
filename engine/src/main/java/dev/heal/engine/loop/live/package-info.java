/**
 * The live loop: one thread takes inputs in order, has them decided, makes what was decided
 * durable, and only then lets the hands move.
 *
 * <p>In come facts, outcomes and commands with their stamps; out go batches to the journal and
 * orders to the hands. It never waits for a hand, and reads no clock: the composition root gives it
 * one.
 */
@NullMarked
package dev.heal.engine.loop.live;

import org.jspecify.annotations.NullMarked;
