/**
 * What two sets of policies mean differently. In: two checked policies. Out: their differences in
 * the words of the language. Never: a difference in layout, comments or the order of files that
 * changes nothing, nor silence about one that does.
 */
@NullMarked
package dev.heal.engine.reload.diff;

import org.jspecify.annotations.NullMarked;
