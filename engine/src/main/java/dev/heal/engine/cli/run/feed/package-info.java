/**
 * The feeds of {@code heal run}: each joins one source to the loop's intake. In come what to watch,
 * from the policies and the site; out go facts with their importance, and what an operator should
 * know: what is in trouble, and what was counted. A source that is lost is silence, never health.
 */
@NullMarked
package dev.heal.engine.cli.run.feed;

import org.jspecify.annotations.NullMarked;
