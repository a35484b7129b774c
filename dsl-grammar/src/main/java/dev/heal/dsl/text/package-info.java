/**
 * In: the bytes of a file. Out: {@link dev.heal.dsl.text.SourceFile} and places in it. Never: any
 * knowledge of the language.
 */
@NullMarked
package dev.heal.dsl.text;

import org.jspecify.annotations.NullMarked;
