/**
 * Containers of a container engine of this host, Docker or podman, behind its Docker-compatible
 * socket. In: their names. Out: how they are and how they end. Never: a state that was heard before
 * the engine was lost; an order to the engine.
 */
@NullMarked
package dev.heal.engine.source.container;

import org.jspecify.annotations.NullMarked;
