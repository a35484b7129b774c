/**
 * What is written down of a run: the entries of the journal and of a simulation's output. Every
 * stage may make entries; this package knows no stage but {@code fact}.
 */
@NullMarked
package dev.heal.engine.record;

import org.jspecify.annotations.NullMarked;
