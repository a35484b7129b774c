/**
 * In: a file without syntax errors. Out: the same file in the one canonical form, every comment
 * kept. Never: a change of meaning; the result is parsed again and compared.
 */
@NullMarked
package dev.heal.dsl.format;

import org.jspecify.annotations.NullMarked;
