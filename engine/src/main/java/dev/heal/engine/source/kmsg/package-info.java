/**
 * The kernel's log, {@code /dev/kmsg}. In: where to begin. Out: records with their sequence number,
 * and the count of those that were overwritten before they were read. Never: what a record means; a
 * record left out without saying so.
 */
@NullMarked
package dev.heal.engine.source.kmsg;

import org.jspecify.annotations.NullMarked;
