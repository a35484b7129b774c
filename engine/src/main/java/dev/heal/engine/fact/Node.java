package dev.heal.engine.fact;

import java.util.List;

/** A condition on one entity, with what it has to remember. */
interface Node {
  /** Looks at everything below, always, and tells the moment when to look again. */
  Truth look(Moment moment);

  /** Forgets since when something holds. */
  default void reset() {}

  /** Whether a signal that was expected is silent. */
  boolean isSilent(Moment moment);

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
