/**
 * Processes that the engine starts and watches. In: an argument vector, an environment and a
 * working directory; requests to stop and to start again. Out: {@link
 * dev.heal.engine.source.child.ChildEvent}s: the start, the lines, the exit with its code or its
 * signal. Never: a shell; a restart that nobody asked for; a process of the group left alive
 * without saying so.
 */
@NullMarked
package dev.heal.engine.source.child;

import org.jspecify.annotations.NullMarked;
