/**
 * The formats that log lines come in. In: the bytes of a log. Out: lines with their message and,
 * where the format has them, time, host, priority and identifier. Never: what a message means; a
 * clock; a failure because of what a line contains.
 */
@NullMarked
package dev.heal.engine.source.log;

import org.jspecify.annotations.NullMarked;
