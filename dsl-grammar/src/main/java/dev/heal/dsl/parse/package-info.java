/**
 * Text to tree. In: {@link dev.heal.dsl.text.SourceFile}. Out: {@link dev.heal.dsl.tree.Tree} and
 * diagnostics. ANTLR stops here. Never: the meaning of a name.
 */
@NullMarked
package dev.heal.dsl.parse;

import org.jspecify.annotations.NullMarked;
