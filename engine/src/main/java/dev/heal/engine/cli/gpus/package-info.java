/**
 * How {@code heal gpus} shows and records what the NVML bridge sees. In come polls and notices; out
 * goes text. What cannot be read is named, never shown as a number.
 */
@NullMarked
package dev.heal.engine.cli.gpus;

import org.jspecify.annotations.NullMarked;
