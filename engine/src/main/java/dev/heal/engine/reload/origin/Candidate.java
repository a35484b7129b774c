package dev.heal.engine.reload.origin;

import dev.heal.engine.reload.bundle.Bundle;
import dev.heal.engine.reload.bundle.VerifiedBundle;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Policies that may be used: verified, or of our own where nothing is to be verified.
 *
 * @param bundle whole
 * @param verified there where keys are trusted
 * @param origin in words
 * @param generation of our own that it was
 */
public record Candidate(
    Bundle bundle, Optional<VerifiedBundle> verified, String origin, OptionalLong generation) {}
