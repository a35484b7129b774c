/**
 * What can be done to a GPU: power limit, clocks, reset.
 *
 * <p>In comes a GPU and what is wanted; out goes what was there before, so that it can be put back.
 * Range and permission are looked at before anything is changed. Nothing here decides whether to
 * act. A time-out says nothing about whether it took effect: read the GPU again.
 */
@NullMarked
package dev.heal.nvml.control;

import org.jspecify.annotations.NullMarked;
