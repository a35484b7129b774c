/**
 * The policies of a running engine: which it begins with, who may bring others into force, and
 * where older ones are. In: files, archives, what operators say. Out: generations in force. Never:
 * policies that were not checked as a whole, or that nobody has signed where keys are trusted.
 */
@NullMarked
package dev.heal.engine.cli.run.policy;

import org.jspecify.annotations.NullMarked;
