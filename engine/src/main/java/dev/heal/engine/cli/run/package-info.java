/**
 * The composition root of {@code heal run}: it reads the clock, starts the threads of sources and
 * hands, and joins them to the loop. It decides nothing.
 */
@NullMarked
package dev.heal.engine.cli.run;

import org.jspecify.annotations.NullMarked;
