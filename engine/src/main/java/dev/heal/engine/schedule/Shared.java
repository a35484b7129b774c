package dev.heal.engine.schedule;

import dev.heal.engine.decide.Estate;

/**
 * What the parts of this stage share.
 *
 * @param outbox what is handed on to the loop
 * @param ledgers what was done before
 */
record Shared(Estate estate, Evidence evidence, Outbox outbox, Ledgers ledgers, Pages pages) {}
