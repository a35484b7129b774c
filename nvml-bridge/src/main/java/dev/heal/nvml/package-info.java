/**
 * NVML through JNA: typed samples and events of the GPUs of this host. Knows nothing of policies.
 */
@NullMarked
package dev.heal.nvml;

import org.jspecify.annotations.NullMarked;
