/**
 * The logs of containers, as their engine keeps them. In: a container, and the places up to which
 * its log was taken. Out: lines, each with its place: whoever keeps both together loses and doubles
 * nothing. Never: what a line means; a place kept on its own account.
 */
@NullMarked
package dev.heal.engine.source.container.log;

import org.jspecify.annotations.NullMarked;
