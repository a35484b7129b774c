/**
 * What a checked set of files means: names resolved, units converted, defaults filled in. Only
 * {@code check} makes these. Never: source syntax, Drools or ANTLR types.
 */
@NullMarked
package dev.heal.dsl.policy;

import org.jspecify.annotations.NullMarked;
