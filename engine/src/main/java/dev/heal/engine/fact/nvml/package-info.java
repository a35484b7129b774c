/**
 * What NVML says, as facts: its metrics in the vocabulary's names and units, its events, and each
 * Xid once, whether NVML or the kernel log told it first.
 *
 * <p>In come polls and notices of the bridge; out go facts. A metric that cannot be read is no
 * fact: its silence is what the rules see. Nothing here calls NVML.
 */
@NullMarked
package dev.heal.engine.fact.nvml;

import org.jspecify.annotations.NullMarked;
