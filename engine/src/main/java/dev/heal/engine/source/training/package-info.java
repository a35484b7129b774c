/**
 * What a training run says of itself, as JSON. In: lines or whole bodies. Out: records of figures,
 * or which field of which line is wrong. Never: which job it is; what a figure means.
 */
@NullMarked
package dev.heal.engine.source.training;

import org.jspecify.annotations.NullMarked;
