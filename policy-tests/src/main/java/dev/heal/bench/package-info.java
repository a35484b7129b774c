/**
 * Benchmarks that print their figures. In: nothing; they make their own input, the same each time.
 * Out: figures on standard output. Never: an assertion about speed.
 */
@NullMarked
package dev.heal.bench;

import org.jspecify.annotations.NullMarked;
