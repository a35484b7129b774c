/**
 * What reaches out of the process: commands, HTTP, systemd, containers. In: what is to be called,
 * and with which words. Out: how it ended, with what was said. Never: an order, a policy, a shell.
 * Each call ends when its thread is interrupted, and takes with it what it started.
 */
@NullMarked
package dev.heal.engine.actuate.reach;

import org.jspecify.annotations.NullMarked;
