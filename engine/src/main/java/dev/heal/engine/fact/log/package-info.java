/**
 * What log messages mean. In: lines of kernel and service logs. Out: typed events with a severity
 * and the action that the catalogues recommend for this very line, and the shapes of alarming lines
 * that nothing here knows. Never: a clock, a decision, a fatal line that ends as "do nothing".
 */
@NullMarked
package dev.heal.engine.fact.log;

import org.jspecify.annotations.NullMarked;
