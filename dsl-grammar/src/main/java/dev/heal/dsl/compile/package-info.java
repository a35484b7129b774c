/**
 * In: a checked policy. Out: its rules as Drools text, with the place that each rule comes from.
 * Never: user text outside of an escaped literal or comment, or any knowledge of Drools' classes.
 */
@NullMarked
package dev.heal.dsl.compile;

import org.jspecify.annotations.NullMarked;
