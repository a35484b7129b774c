/**
 * The files of policies, as a whole. In: folders and files as operators name them. Out: all their
 * texts as they were at one moment, with a digest, or why they could not be taken so. Never: a
 * mixture of two moments, a file that somebody is still writing, an unbounded amount.
 */
@NullMarked
package dev.heal.engine.reload.files;

import org.jspecify.annotations.NullMarked;
