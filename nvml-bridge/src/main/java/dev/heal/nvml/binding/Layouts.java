package dev.heal.nvml.binding;

/**
 * Where the fields of structures lie that polls read: JNA would read each of them by reflection,
 * which costs ten times as much as the call.
 */
final class Layouts {
  static final int UTILIZATION_GPU;
  static final int UTILIZATION_MEMORY;
  static final int MARGIN_VERSION;
  static final int MARGIN_WORD;
  static final int MARGIN;
  static final int MEMORY_VERSION;
  static final int MEMORY_WORD;
  static final int MEMORY_USED;
  static final int MEMORY_TOTAL;
  static final int FIELD_BYTES;
  static final int FIELD_RETURN;
  static final int FIELD_TYPE;
  static final int FIELD_VALUE;
  static final int REMAP_MAX;
  static final int REMAP_HIGH;
  static final int REMAP_PARTIAL;
  static final int REMAP_LOW;
  static final int REMAP_NONE;
  static final int PROCESS_BYTES;
  static final int EVENT_BYTES;
  static final int EVENT_DEVICE;
  static final int EVENT_TYPE;
  static final int EVENT_DATA;
  static final int EVENT_GPU_INSTANCE;
  static final int EVENT_COMPUTE_INSTANCE;

  /** A text of NVML is at most 96 bytes long. */
  static final int TEXT_BYTES = 128;

  /** The largest buffer of any call about a device: as many fields as there are. */
  static final int SCRATCH_BYTES;

  static {
    Structs.Utilization utilization = new Structs.Utilization();
    UTILIZATION_GPU = utilization.offsetOf("gpu");
    UTILIZATION_MEMORY = utilization.offsetOf("memory");
    Structs.MarginTemperature margin = new Structs.MarginTemperature();
    MARGIN_VERSION = margin.offsetOf("version");
    MARGIN_WORD = margin.version;
    MARGIN = margin.offsetOf("marginTemperature");
    Structs.MemoryV2 memory = new Structs.MemoryV2();
    MEMORY_VERSION = memory.offsetOf("version");
    MEMORY_WORD = memory.version;
    MEMORY_USED = memory.offsetOf("used");
    MEMORY_TOTAL = memory.offsetOf("total");
    Structs.FieldValue field = new Structs.FieldValue();
    FIELD_BYTES = field.size();
    FIELD_RETURN = field.offsetOf("nvmlReturn");
    FIELD_TYPE = field.offsetOf("valueType");
    FIELD_VALUE = field.offsetOf("value");
    Structs.RemapHistogram remap = new Structs.RemapHistogram();
    REMAP_MAX = remap.offsetOf("max");
    REMAP_HIGH = remap.offsetOf("high");
    REMAP_PARTIAL = remap.offsetOf("partial");
    REMAP_LOW = remap.offsetOf("low");
    REMAP_NONE = remap.offsetOf("none");
    PROCESS_BYTES = new Structs.ProcessInfo().size();
    Structs.EventData event = new Structs.EventData();
    EVENT_BYTES = event.size();
    EVENT_DEVICE = event.offsetOf("device");
    EVENT_TYPE = event.offsetOf("eventType");
    EVENT_DATA = event.offsetOf("eventData");
    EVENT_GPU_INSTANCE = event.offsetOf("gpuInstanceId");
    EVENT_COMPUTE_INSTANCE = event.offsetOf("computeInstanceId");
    SCRATCH_BYTES = Math.max(2 * TEXT_BYTES, FieldId.values().length * FIELD_BYTES);
  }

  private Layouts() {}
}
