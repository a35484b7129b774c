/**
 * What happens on this host, as facts: services that start, end and answer.
 *
 * <p>In come events of the sources with the time at which they entered the loop; out go facts at
 * that time. Nothing here waits or asks.
 */
@NullMarked
package dev.heal.engine.fact.host;

import org.jspecify.annotations.NullMarked;
