/** What the running engine costs and how fast it is, on real processes, logs and a fake GPU. */
@NullMarked
package dev.heal.engine.bench;

import org.jspecify.annotations.NullMarked;
