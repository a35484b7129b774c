/** Records of any shape as JSON, and back: what a checkpoint of the engine is written in. */
@NullMarked
package dev.heal.engine.loop.json;

import org.jspecify.annotations.NullMarked;
