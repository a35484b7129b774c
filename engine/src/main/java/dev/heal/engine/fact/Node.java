package dev.heal.engine.fact;

import java.util.List;

/** A condition on one entity, with what it has to remember. */
interface Node {
  /** Looks at everything below, always, and tells the moment when to look again. */
  Truth look(Moment moment);

  /** Forgets since when something holds. */
  default void reset() {}

  /**
   * Goes on from a node of the same condition, which read other entities: since when something
   * holds is kept.
   */
  default void takeOver(Node before) {}

  /** Whether a signal that was expected is silent. */
  boolean isSilent(Moment moment);

  /** Whether anything is known of the past: since when something has held. */
  default boolean remembers() {
    return false;
  }

  /** Tells since when what has held, of every {@code for} below. */
  default void tellSince(List<HeldSince> into) {}

  /** Goes on from what was told. */
  default void recall(Recollection recollection) {}

  /** {@code and}, {@code or}. */
  record Parts(boolean all, List<Node> parts) implements Node {
    @Override
    public Truth look(Moment moment) {
      Truth truth = Truth.of(all);
      for (Node part : parts) {
        Truth one = part.look(moment);
        truth = all ? truth.and(one) : truth.or(one);
      }
      return truth;
    }

    @Override
    public void reset() {
      parts.forEach(Node::reset);
    }

    @Override
    public boolean remembers() {
      for (Node part : parts) {
        if (part.remembers()) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void tellSince(List<HeldSince> into) {
      for (Node part : parts) {
        part.tellSince(into);
      }
    }

    @Override
    public void recall(Recollection recollection) {
      parts.forEach(part -> part.recall(recollection));
    }

    @Override
    public void takeOver(Node before) {
      if (before instanceof Parts same && same.parts.size() == parts.size()) {
        for (int i = 0; i < parts.size(); i++) {
          parts.get(i).takeOver(same.parts.get(i));
        }
      }
    }

    @Override
    public boolean isSilent(Moment moment) {
      return parts.stream().anyMatch(part -> part.isSilent(moment));
    }
  }

  record Not(Node part) implements Node {
    @Override
    public Truth look(Moment moment) {
      return part.look(moment).not();
    }

    @Override
    public void reset() {
      part.reset();
    }

    @Override
    public boolean remembers() {
      return part.remembers();
    }

    @Override
    public void tellSince(List<HeldSince> into) {
      part.tellSince(into);
    }

    @Override
    public void recall(Recollection recollection) {
      part.recall(recollection);
    }

    @Override
    public void takeOver(Node before) {
      if (before instanceof Not same) {
        part.takeOver(same.part);
      }
    }

    @Override
    public boolean isSilent(Moment moment) {
      return part.isSilent(moment);
    }
  }

  /** What does not change while the topology stays: an attribute of the site. */
  record Fixed(Truth truth) implements Node {
    @Override
    public Truth look(Moment moment) {
      return truth;
    }

    @Override
    public boolean isSilent(Moment moment) {
      return false;
    }
  }
}
