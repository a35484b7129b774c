/**
 * Where policies can come from when the folder has none to give: the generations kept here, another
 * engine, the configuration centre. In: bytes from afar. Out: a {@link
 * dev.heal.engine.reload.origin.Candidate} that was verified, or a {@link
 * dev.heal.engine.reload.origin.Failure} that says why there is none. Never: anything unverified
 * from afar, an unbounded wait, or an unbounded answer.
 */
@NullMarked
package dev.heal.engine.reload.origin;

import org.jspecify.annotations.NullMarked;
