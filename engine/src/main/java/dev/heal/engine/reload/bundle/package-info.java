/**
 * Policies that travel: a manifest that names every byte, signatures over the manifest, and one
 * archive for both and the files. In: bytes of anybody. Out: {@link
 * dev.heal.engine.reload.bundle.VerifiedBundle}, which only {@link
 * dev.heal.engine.reload.bundle.TrustRoot} makes. Never: a step into what no trusted key has signed
 * that the verification does not need, and never a file outside the bundle.
 */
@NullMarked
package dev.heal.engine.reload.bundle;

import org.jspecify.annotations.NullMarked;
