/**
 * What Prometheus reads of a running engine. In: what the loop measures, entries, and a view of the
 * engine at each scrape. Out: the text format over HTTP, on loopback only. Never: a figure that
 * nobody measured; where the engine does not answer, its figures are missing.
 */
@NullMarked
package dev.heal.engine.cli.metrics;

import org.jspecify.annotations.NullMarked;
