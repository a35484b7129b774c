/**
 * Questions asked at intervals: is it healthy, what do its metrics say. In: probes. Out: a result
 * of each run. Never: a shell; a probe that holds up another; a missing answer taken for health.
 */
@NullMarked
package dev.heal.engine.source.probe;

import org.jspecify.annotations.NullMarked;
