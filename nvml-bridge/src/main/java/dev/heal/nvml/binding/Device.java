package dev.heal.nvml.binding;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import dev.heal.nvml.answer.Answer;
import dev.heal.nvml.answer.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A device handle, with memory for what calls about it write. The handle is good for as long as its
 * library is initialised. One thread at a time.
 */
public final class Device {
  /** The largest buffer of any call: a text of NVML is at most 96 bytes long. */
  private static final int SCRATCH_BYTES = 256;

  private static final int PROCESS_BYTES = new Structs.ProcessInfo().size();
  private static final int MOST_PROCESSES = 65_536;
  private static final int MOST_LISTINGS = 5;

  // Where the fields of structures lie that are read every second: JNA would read each of them
  // by reflection, which costs ten times as much as the call.
  private static final int UTILIZATION_GPU;
  private static final int UTILIZATION_MEMORY;
  private static final int MARGIN_VERSION;
  private static final int MARGIN_WORD;
  private static final int MARGIN;
  private static final int MEMORY_VERSION;
  private static final int MEMORY_WORD;
  private static final int MEMORY_USED;
  private static final int MEMORY_TOTAL;
  private static final int FIELD_BYTES;
  private static final int FIELD_RETURN;
  private static final int FIELD_TYPE;
  private static final int FIELD_VALUE;

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
    Structs.FieldValue layout = new Structs.FieldValue();
    FIELD_BYTES = layout.size();
    FIELD_RETURN = layout.offsetOf("nvmlReturn");
    FIELD_TYPE = layout.offsetOf("valueType");
    FIELD_VALUE = layout.offsetOf("value");
  }

  private final NvmlLibrary library;
  private final Pointer handle;
  private final Memory scratch = new Memory(SCRATCH_BYTES);

  public Device(NvmlLibrary library, Pointer handle) {
    this.library = library;
    this.handle = handle;
  }

  public Pointer handle() {
    return handle;
  }

  /** Whether the handle is one of this loading of the library. */
  public boolean isOf(NvmlLibrary other) {
    return library == other;
  }

  /** Calls {@code function(device, arguments…)}. */
  public Answer<Boolean> call(Symbol symbol, Object... arguments) {
    return answer(symbol, library.call(symbol, withHandle(arguments, 0)), () -> true);
  }

  /** Reads what {@code function(device, arguments…, unsigned *out)} writes. */
  public Answer<Long> number(Symbol symbol, Object... arguments) {
    return written(symbol, out -> Integer.toUnsignedLong(out.getInt(0)), arguments);
  }

  /** The same for {@code unsigned long long *out}. */
  public Answer<Long> wide(Symbol symbol, Object... arguments) {
    return written(symbol, out -> out.getLong(0), arguments);
  }

  /**
   * Reads the two that {@code function(device, arguments…, unsigned *first, unsigned *second)}
   * writes.
   */
  public Answer<Pair> pair(Symbol symbol, Object... arguments) {
    scratch.clear();
    Object[] all = withHandle(arguments, 2);
    all[all.length - 2] = scratch;
    all[all.length - 1] = scratch.share(Long.BYTES);
    return answer(
        symbol,
        library.call(symbol, all),
        () ->
            new Pair(
                Integer.toUnsignedLong(scratch.getInt(0)),
                Integer.toUnsignedLong(scratch.getInt(Long.BYTES))));
  }

  /** Two numbers of one call. */
  public record Pair(long first, long second) {}

  /** Reads what {@code function(device, char *out, unsigned length)} writes. */
  public Answer<String> text(Symbol symbol) {
    scratch.clear();
    int code = library.call(symbol, handle, scratch, SCRATCH_BYTES);
    return answer(symbol, code, () -> scratch.getString(0, StandardCharsets.UTF_8.name()));
  }

  /** The use of the GPU and of its memory, in percent. */
  public Answer<Pair> utilization() {
    scratch.clear();
    return answer(
        Symbol.UTILIZATION,
        library.call(Symbol.UTILIZATION, handle, scratch),
        () -> new Pair(unsigned(UTILIZATION_GPU), unsigned(UTILIZATION_MEMORY)));
  }

  /** Degrees left to the slowdown. */
  public Answer<Long> margin() {
    scratch.clear();
    scratch.setInt(MARGIN_VERSION, MARGIN_WORD);
    return answer(
        Symbol.MARGIN_TEMPERATURE,
        library.call(Symbol.MARGIN_TEMPERATURE, handle, scratch),
        () -> (long) scratch.getInt(MARGIN));
  }

  /** Used and total memory in bytes, where the driver has version 2 of the call. */
  public Answer<Pair> memory() {
    scratch.clear();
    scratch.setInt(MEMORY_VERSION, MEMORY_WORD);
    return answer(
        Symbol.MEMORY_V2,
        library.call(Symbol.MEMORY_V2, handle, scratch),
        () -> new Pair(scratch.getLong(MEMORY_USED), scratch.getLong(MEMORY_TOTAL)));
  }

  private long unsigned(int offset) {
    return Integer.toUnsignedLong(scratch.getInt(offset));
  }

  /** Has {@code function(device, arguments…, structure *out)} fill the structure in. */
  public <S extends Structure> Answer<S> structure(Symbol symbol, S out, Object... arguments) {
    Object[] all = withHandle(arguments, 1);
    all[all.length - 1] = out;
    return answer(symbol, library.call(symbol, all), () -> out);
  }

  /** The slice in a slot of a GPU in MIG mode. */
  public Answer<Device> slice(int slot) {
    scratch.clear();
    int code = library.call(Symbol.MIG_HANDLE_BY_INDEX, handle, slot, scratch);
    return answer(
        Symbol.MIG_HANDLE_BY_INDEX, code, () -> new Device(library, scratch.getPointer(0)));
  }

  /**
   * The compute processes that hold it. More may come between counting and listing: it asks again.
   */
  public Answer<List<Structs.ProcessInfo>> processes() {
    Symbol symbol =
        library.has(Symbol.COMPUTE_PROCESSES)
            ? Symbol.COMPUTE_PROCESSES
            : Symbol.COMPUTE_PROCESSES_V2;
    int room = 0;
    int code = ReturnCode.INSUFFICIENT_SIZE;
    for (int turn = 0; turn < MOST_LISTINGS && code == ReturnCode.INSUFFICIENT_SIZE; turn++) {
      try (Memory list = new Memory(Math.max(1, room) * (long) PROCESS_BYTES)) {
        list.clear();
        scratch.setInt(0, room);
        code = library.call(symbol, handle, scratch, room == 0 ? Pointer.NULL : list);
        int count = scratch.getInt(0);
        if (code == ReturnCode.SUCCESS) {
          return Answer.of(processes(list, Math.min(count, room)));
        }
        room = Math.min(Math.max(count, 0) + 8, MOST_PROCESSES);
      }
    }
    return Answer.none(library.problem(symbol, code));
  }

  private static List<Structs.ProcessInfo> processes(Memory list, int count) {
    List<Structs.ProcessInfo> processes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Structs.ProcessInfo process = new Structs.ProcessInfo();
      process.copyFrom(list.getByteArray((long) i * PROCESS_BYTES, PROCESS_BYTES));
      processes.add(process);
    }
    return processes;
  }

  /** Reads all of them in one call; each has an answer of its own. */
  public Fields fields(List<FieldId> ids) {
    Map<FieldId, Answer<Long>> answers = new EnumMap<>(FieldId.class);
    try (Memory values = new Memory((long) FIELD_BYTES * ids.size())) {
      values.clear();
      for (int i = 0; i < ids.size(); i++) {
        values.setInt((long) i * FIELD_BYTES, ids.get(i).id());
      }
      int code = library.call(Symbol.FIELD_VALUES, handle, ids.size(), values);
      for (int i = 0; i < ids.size(); i++) {
        answers.put(
            ids.get(i),
            code == ReturnCode.SUCCESS
                ? field(values, (long) i * FIELD_BYTES)
                : Answer.none(library.problem(Symbol.FIELD_VALUES, code)));
      }
    }
    return new Fields(answers);
  }

  private Answer<Long> field(Memory values, long at) {
    int code = values.getInt(at + FIELD_RETURN);
    if (code != ReturnCode.SUCCESS) {
      return Answer.none(library.problem(code));
    }
    long value = values.getLong(at + FIELD_VALUE);
    int type = values.getInt(at + FIELD_TYPE);
    return switch (type) { // nvmlValueType_t
      case 0 -> Answer.of(Math.round(Double.longBitsToDouble(value)));
      case 1 -> Answer.of(value & 0xFFFF_FFFFL);
      case 2, 3, 4 -> Answer.of(value);
      case 5 -> Answer.of((long) (int) value);
      case 6 -> Answer.of(value & 0xFFFFL);
      default -> Answer.none(Problem.Kind.FAILED, "a field of a type that is not known: " + type);
    };
  }

  private Answer<Long> written(Symbol symbol, Function<Pointer, Long> read, Object... arguments) {
    scratch.clear();
    Object[] all = withHandle(arguments, 1);
    all[all.length - 1] = scratch;
    return answer(symbol, library.call(symbol, all), () -> read.apply(scratch));
  }

  private Object[] withHandle(Object[] arguments, int outs) {
    Object[] all = new Object[1 + arguments.length + outs];
    all[0] = handle;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return all;
  }

  private <T> Answer<T> answer(Symbol symbol, int code, Supplier<T> value) {
    return code == ReturnCode.SUCCESS
        ? Answer.of(value.get())
        : Answer.none(library.problem(symbol, code));
  }
}
