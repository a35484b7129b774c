/**
 * HTTP behind a unix socket of this host, as container engines speak it. In: a socket, what to ask.
 * Out: answers, whole or as they come. Never: what an answer means; a wait without an end where the
 * caller has said how long.
 */
@NullMarked
package dev.heal.engine.source.socket;

import org.jspecify.annotations.NullMarked;
