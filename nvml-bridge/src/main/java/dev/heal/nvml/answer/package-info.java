/**
 * What a question to a GPU comes back with: a value, or one of the problems that a machine can
 * have. Nothing here calls NVML.
 */
@NullMarked
package dev.heal.nvml.answer;

import org.jspecify.annotations.NullMarked;
