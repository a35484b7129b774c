/**
 * Units of the host's systemd, over D-Bus (org.freedesktop.systemd1(5)). In: their names. Out: how
 * their main processes are and how they end. Never: a state that was heard before the bus was lost;
 * an order to systemd.
 */
@NullMarked
package dev.heal.engine.source.systemd;

import org.jspecify.annotations.NullMarked;
