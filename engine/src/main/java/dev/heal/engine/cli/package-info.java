/**
 * The command line: one class per command. In: arguments, files, standard input. Out: results on
 * standard output, everything else on standard error, an {@link dev.heal.engine.cli.ExitCode}. The
 * only package, with the composition root of the loop, that may read a clock. Never: a decision of
 * its own about a fault or a repair.
 */
@NullMarked
package dev.heal.engine.cli;

import org.jspecify.annotations.NullMarked;
