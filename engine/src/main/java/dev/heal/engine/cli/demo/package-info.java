/**
 * {@code heal demo}: a small inference-like server in a process of its own, load on it, and the
 * ways in which it is broken. Nothing here knows how it is repaired.
 */
@NullMarked
package dev.heal.engine.cli.demo;

import org.jspecify.annotations.NullMarked;
