/**
 * NVML kept initialised: loaded, lost and loaded again, its GPUs known by their UUIDs while handles
 * come and go. One thread asks all GPUs, for as long as answers come fast; a GPU whose call hangs
 * is left behind on its thread, and holds up no other.
 *
 * <p>In come questions about a GPU; out go answers, never exceptions for what a machine can do. No
 * handle of an earlier initialisation is ever handed to NVML, and NVML is never shut down while a
 * thread is inside it.
 */
@NullMarked
package dev.heal.nvml.session;

import org.jspecify.annotations.NullMarked;
