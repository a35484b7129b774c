/**
 * Ways to follow the same rules: heal's own, and what somebody would write without it. In: rules
 * and samples. Out: firings, which must be the same for all. Never: work outside of {@code run} and
 * {@code accept} that the clock should see.
 */
@NullMarked
package dev.heal.bench.rival;

import org.jspecify.annotations.NullMarked;
