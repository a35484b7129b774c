/**
 * The generations that were in force, kept in the state directory so that the engine can go back to
 * one. In: a bundle that is in force now. Out: the same bytes, or the reason why they cannot be
 * had. Never: half a generation, whatever moment the engine is killed at.
 */
@NullMarked
package dev.heal.engine.reload.store;

import org.jspecify.annotations.NullMarked;
