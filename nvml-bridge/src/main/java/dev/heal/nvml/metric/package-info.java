/**
 * What is read of a GPU: which metrics there are, in which unit and how often, and the calls that
 * read them.
 *
 * <p>In comes a device; out go samples, one for each metric, with a value or the reason why there
 * is none. Nothing here decides what a value means.
 */
@NullMarked
package dev.heal.nvml.metric;

import org.jspecify.annotations.NullMarked;
