/**
 * The shipped packs against the facts they are written for: the catalogues of NVIDIA, recorded
 * incidents, and their own tests. In: {@code rules}, {@code examples}. Never: a policy of its own.
 */
@NullMarked
package dev.heal.packs;

import org.jspecify.annotations.NullMarked;
