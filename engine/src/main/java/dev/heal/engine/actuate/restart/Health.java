package dev.heal.engine.actuate.restart;

import dev.heal.dsl.policy.Means;
import dev.heal.engine.source.child.ChildSpec;
import dev.heal.engine.source.probe.Check;
import dev.heal.engine.source.probe.ProbeResult;
import dev.heal.engine.source.probe.ProbeSpec;
import dev.heal.engine.source.probe.Prober;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Asks a service whether it is well, with the very check that its site declares. */
public final class Health {
  private static final Duration EVERY = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Check check;
  private final String service;

  private Health(Check check, String service) {
    this.check = check;
    this.service = service;
  }

  /**
   * @param environment of a check that is a command
   */
  public static Health of(Means.Probe probe, String service, Map<String, String> environment) {
    Check check =
        probe.match(
            new Means.Probe.Cases<Check>() {
              @Override
              public Check http(Means.Probe.Http http) {
                return new Check.Http(http.uri());
              }

              @Override
              public Check tcp(Means.Probe.Tcp tcp) {
                return new Check.Tcp(tcp.host(), tcp.port());
              }

              @Override
              public Check command(Means.Probe.Command command) {
                return new Check.Command(
                    new ChildSpec(service, command.argv(), environment, Optional.empty()));
              }
            });
    return new Health(check, service);
  }

  private Prober prober(Duration timeout, java.util.function.Consumer<ProbeResult> results) {
    return new Prober(List.of(new ProbeSpec(service, check, EVERY, timeout)), () -> 0L, results);
  }

  /** Whether it answers well now; empty: it does. */
  Optional<String> ask() throws InterruptedException {
    BlockingQueue<ProbeResult> results = new LinkedBlockingQueue<>();
    Prober prober = prober(PATIENCE, results::add);
    try {
      return results.take().why();
    } finally {
      prober.close();
    }
  }

  /** Asks until it answers well; what was wrong last where it does not in time. */
  Optional<String> await(Duration within) throws InterruptedException {
    CountDownLatch well = new CountDownLatch(1);
    AtomicReference<String> last = new AtomicReference<>("no answer");
    Duration timeout = within.compareTo(PATIENCE) < 0 ? within : PATIENCE;
    Prober prober =
        prober(
            timeout,
            result -> {
              result.why().ifPresent(last::set);
              if (result.ok()) {
                well.countDown();
              }
            });
    try {
      return well.await(within.toNanos(), TimeUnit.NANOSECONDS)
          ? Optional.empty()
          : Optional.of(Objects.requireNonNullElse(last.get(), "no answer"));
    } finally {
      prober.close();
    }
  }
}
