/**
 * What others tell us: heartbeats, training metrics and alerts over HTTP, heartbeats as datagrams.
 * In: requests, bounded in size, in time and in number. Out: what was told, to whoever takes it,
 * and his answer to whoever told it. Never: whom a name means; an address that others than this
 * host can reach.
 */
@NullMarked
package dev.heal.engine.source.ingest;

import org.jspecify.annotations.NullMarked;
