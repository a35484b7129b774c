/**
 * Services whose processes others keep: systemd, a container engine. In: nothing; these are the
 * words in which {@code source.systemd} and {@code source.container} speak. Out: events. Never:
 * which service of the site it is.
 */
@NullMarked
package dev.heal.engine.source.hosted;

import org.jspecify.annotations.NullMarked;
