/**
 * What NVML tells by itself: Xids, ECC errors, retired pages, lost GPUs.
 *
 * <p>In comes a session; out go notices, on the listening thread: events, and from when to when
 * nobody listened, for what happened then is not known. No event is judged here.
 */
@NullMarked
package dev.heal.nvml.event;

import org.jspecify.annotations.NullMarked;
