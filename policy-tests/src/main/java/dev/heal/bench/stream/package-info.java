/**
 * What the benchmarks feed on: made-up policies and made-up streams of samples. In: a size and a
 * seed. Out: the same policies and samples each time. Never: a clock, or a random number without a
 * seed.
 */
@NullMarked
package dev.heal.bench.stream;

import org.jspecify.annotations.NullMarked;
