/**
 * How a command and a running engine speak: one JSON object on a line there, one back, over a unix
 * socket in the state folder. In: words, or lines. Out: the same on the other side. Never: an
 * opinion about what the words mean.
 */
@NullMarked
package dev.heal.engine.cli.control.wire;

import org.jspecify.annotations.NullMarked;
