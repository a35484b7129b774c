/**
 * The sources of this host, joined to the loop: each feed starts one, makes facts of what it says,
 * and hands them over with how much they matter.
 *
 * <p>Whatever can be told about importance is told on the source's own thread; facts get their time
 * on the loop's.
 */
@NullMarked
package dev.heal.engine.cli.run.feed;

import org.jspecify.annotations.NullMarked;
