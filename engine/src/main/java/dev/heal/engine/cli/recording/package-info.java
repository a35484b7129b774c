/**
 * Recorded facts as one stream. In: files of JSON facts and logs, opened. Out: facts in the order
 * in which a run takes them, and a count of what is wrong with them. Never: more than a few facts
 * in memory, a fact dropped in silence.
 */
@NullMarked
package dev.heal.engine.cli.recording;

import org.jspecify.annotations.NullMarked;
