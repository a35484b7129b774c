/** How long to wait before something is tried again. No clock, no thread. */
@NullMarked
package dev.heal.engine.source.retry;

import org.jspecify.annotations.NullMarked;
