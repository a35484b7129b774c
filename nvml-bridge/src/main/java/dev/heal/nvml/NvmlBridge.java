package dev.heal.nvml;

import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.control.GpuControl;
import dev.heal.nvml.control.ResetTool;
import dev.heal.nvml.event.EventThread;
import dev.heal.nvml.event.Notice;
import dev.heal.nvml.metric.Cadence;
import dev.heal.nvml.metric.GpuProcess;
import dev.heal.nvml.metric.GpuReader;
import dev.heal.nvml.metric.GpuSamples;
import dev.heal.nvml.metric.MigInstance;
import dev.heal.nvml.metric.Poll;
import dev.heal.nvml.metric.Sample;
import dev.heal.nvml.session.Driver;
import dev.heal.nvml.session.Gpu;
import dev.heal.nvml.session.NvmlSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The GPUs of this host, through NVML. It opens on every host: without library or driver each
 * answer says so, and it looks for them again, after 1 s at first and every 30 s at last. Safe from
 * any thread, and to be closed at any moment.
 */
public final class NvmlBridge implements AutoCloseable {
  private final NvmlOptions options;
  private final NvmlSession session;
  private final GpuControl control;
  private final List<EventThread> listening = new CopyOnWriteArrayList<>();

  private NvmlBridge(NvmlOptions options) {
    this.options = options;
    this.session = new NvmlSession(options.library());
    this.control = new GpuControl(session, new ResetTool(options.resetTool()));
  }

  /** Loads and initialises NVML, where that can be done. */
  public static NvmlBridge open(NvmlOptions options) {
    NvmlBridge bridge = new NvmlBridge(options);
    bridge.session.refresh(true);
    return bridge;
  }

  /** What runs here, or why nothing does. */
  public Answer<Driver> driver() {
    session.refresh(false, options.patience());
    return session.driver();
  }

  /** All GPUs ever seen, those that no longer answer too, by index. */
  public List<Gpu> gpus() {
    return session.gpus();
  }

  /**
   * Reads all GPUs; it takes never longer than the patience. One that hangs does not hold up the
   * others.
   */
  public Poll poll(Set<Cadence> cadences) {
    Instant at = options.clock().instant();
    Duration left = session.refresh(cadences.contains(Cadence.SLOW), options.patience());
    List<Gpu> gpus = session.gpus();
    List<Answer<List<Sample>>> answers =
        session.askAll(gpus, left, device -> GpuReader.samples(device, cadences));
    List<GpuSamples> samples = new ArrayList<>();
    for (int i = 0; i < gpus.size(); i++) {
      samples.add(
          new GpuSamples(gpus.get(i), answers.get(i).match(read -> read, GpuReader::absent)));
    }
    return new Poll(at, session.driver(), samples);
  }

  /** The processes that hold a GPU. */
  public Answer<List<GpuProcess>> processes(Gpu gpu) {
    return session.ask(gpu, options.patience(), GpuReader::processes);
  }

  /** The slices of a GPU in MIG mode; none where it is not. */
  public Answer<List<MigInstance>> instances(Gpu gpu) {
    return session.ask(gpu, options.patience(), GpuReader::instances);
  }

  /**
   * Listens for events, on a daemon thread, until the bridge is closed.
   *
   * @param listener is called on that thread, and must not block it
   */
  public void listen(Consumer<Notice> listener) {
    listening.add(EventThread.start(session, options.clock(), listener));
  }

  /** What can be done to a GPU. */
  public GpuControl control() {
    return control;
  }

  @Override
  public void close() {
    listening.forEach(EventThread::close);
    session.close();
  }
}
