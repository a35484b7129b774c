/**
 * What is wrong with a file, as data: code, place, message, help. Never: an exception for a mistake
 * of an operator.
 */
@NullMarked
package dev.heal.dsl.diagnostic;

import org.jspecify.annotations.NullMarked;
