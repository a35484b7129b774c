package dev.heal.engine.loop.live;

import dev.heal.engine.schedule.Order;
import dev.heal.engine.schedule.Outcome;

/** Is told how long things take, in nanoseconds, from several threads; it must not wait. */
public interface LoopMeter {
  /** Nobody measures. */
  LoopMeter NONE =
      new LoopMeter() {
        @Override
        public void decided(long nanos) {}

        @Override
        public void committed(long nanos, boolean written) {}

        @Override
        public void started(Order order, long nanos) {}

        @Override
        public void ended(Order order, Outcome.Kind kind, long nanos) {}
      };

  /** What was heard has led to something; from its entry into the queue to the decision. */
  void decided(long nanos);

  /** A batch is in the journal, or was refused; from its handing over. */
  void committed(long nanos, boolean written);

  /** An order is with the hands; from the decision. */
  void started(Order order, long nanos);

  /** An order has ended; from the decision. */
  void ended(Order order, Outcome.Kind kind, long nanos);
}
