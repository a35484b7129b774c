/**
 * This host, as the kernel tells of it under {@code /proc} and in control groups. In: the folders.
 * Out: counters and shares as they are now. Never: a guess where a file is missing or unreadable; a
 * file system of another host, which would hang when that one is gone.
 */
@NullMarked
package dev.heal.engine.source.host;

import org.jspecify.annotations.NullMarked;
