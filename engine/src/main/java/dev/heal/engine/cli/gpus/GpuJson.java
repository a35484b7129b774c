package dev.heal.engine.cli.gpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import dev.heal.nvml.metric.GpuProcess;
import dev.heal.nvml.metric.GpuSamples;
import dev.heal.nvml.metric.MigInstance;
import dev.heal.nvml.metric.Poll;
import dev.heal.nvml.metric.Sample;
import dev.heal.nvml.metric.Value;
import dev.heal.nvml.session.Driver;
import dev.heal.nvml.session.Gpu;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** GPUs as JSON: one object a line, the first about the driver, one for each GPU behind it. */
public final class GpuJson {
  private final JsonGenerator json;
  private final Function<Gpu, Answer<List<GpuProcess>>> processes;
  private final Function<Gpu, Answer<List<MigInstance>>> instances;

  /** Writes to {@code out}; what a poll does not hold is asked for. */
  public GpuJson(
      Writer out,
      Function<Gpu, Answer<List<GpuProcess>>> processes,
      Function<Gpu, Answer<List<MigInstance>>> instances)
      throws IOException {
    this.json = new JsonFactory().createGenerator(out);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.setRootValueSeparator(null);
    this.processes = processes;
    this.instances = instances;
  }

  /** Writes a poll. */
  public void write(Poll poll) throws IOException {
    json.writeStartObject();
    json.writeStringField("t", poll.at().toString());
    if (poll.driver().value().isPresent()) {
      driver(poll.driver().value().get());
    } else {
      problem(poll.driver().problem().orElseThrow());
    }
    json.writeNumberField("gpus", poll.gpus().size());
    end();
    for (GpuSamples gpu : poll.gpus()) {
      gpu(poll, gpu);
    }
    json.flush();
  }

  private void driver(Driver driver) throws IOException {
    json.writeStringField("driver", driver.version());
    if (driver.nvml().isPresent()) {
      json.writeStringField("nvml", driver.nvml().get());
    }
    if (driver.cuda().isPresent()) {
      json.writeStringField("cuda", driver.cuda().get());
    }
  }

  private void gpu(Poll poll, GpuSamples samples) throws IOException {
    Gpu gpu = samples.gpu();
    json.writeStartObject();
    json.writeStringField("t", poll.at().toString());
    json.writeNumberField("gpu", gpu.index());
    if (gpu.uuid().isPresent()) {
      json.writeStringField("uuid", gpu.uuid().get());
    }
    if (gpu.pci().isPresent()) {
      json.writeStringField("pci", gpu.pci().get());
    }
    if (gpu.name().isPresent()) {
      json.writeStringField("name", gpu.name().get());
    }
    if (gpu.serial().isPresent()) {
      json.writeStringField("serial", gpu.serial().get());
    }
    json.writeArrayFieldStart("metrics");
    for (Sample sample : samples.samples()) {
      metric(sample);
    }
    json.writeEndArray();
    processes(processes.apply(gpu));
    instances(instances.apply(gpu));
    end();
  }

  private void metric(Sample sample) throws IOException {
    json.writeStartObject();
    json.writeStringField("metric", sample.metric().word());
    if (!sample.part().isEmpty()) {
      json.writeStringField("part", sample.part());
    }
    json.writeStringField("kind", sample.metric().kind().name().toLowerCase(Locale.ROOT));
    if (!sample.metric().unit().isEmpty()) {
      json.writeStringField("unit", sample.metric().unit());
    }
    if (sample.answer().value().isPresent()) {
      value(sample.answer().value().get());
    } else {
      problem(sample.answer().problem().orElseThrow());
    }
    json.writeEndObject();
  }

  private void value(Value value) throws IOException {
    if (value instanceof Value.Gauge gauge) {
      json.writeNumberField("value", gauge.value());
    } else if (value instanceof Value.Count count) {
      json.writeNumberField("value", count.value());
    } else if (value instanceof Value.Flag flag) {
      json.writeBooleanField("value", flag.on());
    } else if (value instanceof Value.Words words) {
      json.writeArrayFieldStart("value");
      for (String word : words.words()) {
        json.writeString(word);
      }
      json.writeEndArray();
    }
  }

  private void problem(Problem problem) throws IOException {
    json.writeStringField("problem", problem.kind().name().toLowerCase(Locale.ROOT));
    json.writeNumberField("code", problem.code());
    json.writeStringField("text", problem.text());
  }

  private void processes(Answer<List<GpuProcess>> answer) throws IOException {
    if (answer.value().isEmpty()) {
      return; // the metric `processes` says why
    }
    json.writeArrayFieldStart("processes");
    for (GpuProcess process : answer.value().get()) {
      json.writeStartObject();
      json.writeNumberField("pid", process.pid());
      if (process.name().isPresent()) {
        json.writeStringField("name", process.name().get());
      }
      if (process.memoryBytes().isPresent()) {
        json.writeNumberField("memory_bytes", process.memoryBytes().get());
      }
      if (process.gpuInstance().isPresent()) {
        json.writeNumberField("gpu_instance", process.gpuInstance().get());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void instances(Answer<List<MigInstance>> answer) throws IOException {
    if (answer.value().isEmpty() || answer.value().get().isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("instances");
    for (MigInstance instance : answer.value().get()) {
      json.writeStartObject();
      json.writeStringField("uuid", instance.uuid());
      json.writeNumberField("gpu_instance", instance.gpuInstance());
      json.writeNumberField("compute_instance", instance.computeInstance());
      if (instance.memoryUsedBytes().value().isPresent()) {
        json.writeNumberField("memory_used_bytes", instance.memoryUsedBytes().value().get());
      }
      if (instance.memoryTotalBytes().value().isPresent()) {
        json.writeNumberField("memory_total_bytes", instance.memoryTotalBytes().value().get());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void end() throws IOException {
    json.writeEndObject();
    json.writeRaw('\n');
  }
}
