/**
 * What operators say to a running engine from the command line. In: the options of a command. Out:
 * its words, and how the answer is shown. Never: a decision; the engine makes those.
 */
@NullMarked
package dev.heal.engine.cli.control;

import org.jspecify.annotations.NullMarked;
