/**
 * The queue between the sources and the loop. In: items of any kind, each with a class of
 * importance and the name of its source, from many threads. Out: the items in the order in which
 * they came, each with the stamp it was given at entry, and how many were dropped. Never: a source
 * that waits; a fault lost to noise; more items than its bound.
 */
@NullMarked
package dev.heal.engine.source.inbox;

import org.jspecify.annotations.NullMarked;
