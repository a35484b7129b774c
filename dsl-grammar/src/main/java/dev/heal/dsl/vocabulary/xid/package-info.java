/**
 * What NVIDIA says about driver and switch error codes. In: a code, or the register words of a
 * line. Out: meaning and recommended action. Never: a guess; what the tables do not know is empty.
 */
@NullMarked
package dev.heal.dsl.vocabulary.xid;

import org.jspecify.annotations.NullMarked;
