/**
 * The queues of services: streams of Redis that a consumer group reads. In: what to take back from
 * consumers that are dead. Out: how much was handed back, and how much was laid aside. Never: a
 * request that is nowhere, or one taken from a consumer that lives.
 */
@NullMarked
package dev.heal.engine.actuate.queue;

import org.jspecify.annotations.NullMarked;
