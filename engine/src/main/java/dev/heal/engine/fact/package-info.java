/**
 * What we believe, and until when. In: facts of sources, the conditions of the checked policies,
 * the time. Out: changes of conditions and of fault instances. Everything temporal ({@code for},
 * {@code over}, silence, windows) is kept here. Never: a clock, Drools, a decision.
 */
@NullMarked
package dev.heal.engine.fact;

import org.jspecify.annotations.NullMarked;
