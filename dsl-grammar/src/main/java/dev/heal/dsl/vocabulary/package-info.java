/**
 * The words a policy may use, as data: entities, signals with kind, unit and range, verbs with
 * targets and settings. In: a resource file. Never: anything about one policy file.
 */
@NullMarked
package dev.heal.dsl.vocabulary;

import org.jspecify.annotations.NullMarked;
