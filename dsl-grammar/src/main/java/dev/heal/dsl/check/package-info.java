/**
 * Tree to meaning. In: the trees of a set of files and where imports are found. Out: all mistakes,
 * and the checked policy where there is no error. Never: an exception for a mistake of an operator.
 */
@NullMarked
package dev.heal.dsl.check;

import org.jspecify.annotations.NullMarked;
