/**
 * Whether new work is placed on the node that this host is, as whoever places it says: Slurm, or a
 * command of the site. In: a question. Out: an answer to each time that it was asked. Never: a
 * state that nobody has told; an answer that may be older than what we have just done to the node.
 */
@NullMarked
package dev.heal.engine.source.scheduling;

import org.jspecify.annotations.NullMarked;
