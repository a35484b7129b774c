/**
 * The syntax tree of a {@code .heal} file, as written: nothing is resolved here. Never: ANTLR
 * types.
 */
@NullMarked
package dev.heal.dsl.tree;

import org.jspecify.annotations.NullMarked;
