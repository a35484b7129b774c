/**
 * The C interface of NVML: its functions, each probed by itself, its structures with their version
 * words, its return codes.
 *
 * <p>In come arguments that NVML accepts; out go return codes, and {@code Answer}s made of them.
 * The only package that hands memory to native code. It keeps no state of GPUs, and no thread.
 *
 * <p>Names, numbers and layouts are those of the NVML API reference guide of NVIDIA.
 */
@NullMarked
package dev.heal.nvml.binding;

import org.jspecify.annotations.NullMarked;
