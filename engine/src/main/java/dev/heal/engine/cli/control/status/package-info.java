/**
 * What {@code heal status} shows of a running engine. In: the view of its loop. Out: text, or one
 * JSON object. Never: a guess; what is not known is shown as that.
 */
@NullMarked
package dev.heal.engine.cli.control.status;

import org.jspecify.annotations.NullMarked;
