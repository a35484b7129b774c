package dev.heal.dsl.vocabulary.xid;

import java.util.Objects;

/**
 * One code of the catalogue.
 *
 * @param description empty where NVIDIA gives none
 * @param inUse false for codes that no supported driver writes
 * @param action the catalogue's own word, such as {@code RESTART_APP}; empty where none is given
 * @param followUp the word for when the action did not help; empty where none is given
 */
public record XidEntry(
    int code, String mnemonic, String description, boolean inUse, String action, String followUp) {
  public XidEntry {
    Objects.requireNonNull(mnemonic);
    Objects.requireNonNull(description);
    Objects.requireNonNull(action);
    Objects.requireNonNull(followUp);
  }
}
