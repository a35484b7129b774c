/**
 * What a service manager is told: ready, how it goes, still alive, ending. In: the environment that
 * systemd gives, and the progress of the loop. Out: datagrams. Never: a sign of life that the loop
 * did not give.
 */
@NullMarked
package dev.heal.engine.cli.systemd;

import org.jspecify.annotations.NullMarked;
