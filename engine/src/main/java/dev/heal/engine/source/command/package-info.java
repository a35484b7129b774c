/**
 * Commands that are asked something. In: a command and how long it may take. Out: how it ended, and
 * what it said. Never: a shell; anything of a command left behind when its time is over.
 */
@NullMarked
package dev.heal.engine.source.command;

import org.jspecify.annotations.NullMarked;
