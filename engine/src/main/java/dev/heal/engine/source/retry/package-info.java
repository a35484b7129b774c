/** How something is done again and again, and how long to wait before it is tried again. */
@NullMarked
package dev.heal.engine.source.retry;

import org.jspecify.annotations.NullMarked;
