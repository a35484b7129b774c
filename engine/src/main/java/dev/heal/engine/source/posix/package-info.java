/**
 * The calls to the operating system that the Java platform does not offer: spawning into a process
 * group, waiting with the signal told, polling, the process table. In: numbers and byte arrays.
 * Out: results, or {@link dev.heal.engine.source.posix.PosixException} with the error number. The
 * only package that uses JNA. Never: a shell; a decision about what a process is for.
 */
@NullMarked
package dev.heal.engine.source.posix;

import org.jspecify.annotations.NullMarked;
