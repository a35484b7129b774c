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

/**
 * A device handle, with memory for what calls about it write. The handle is good for as long as its
 * library is initialised. One thread at a time.
 */
public final class Device {
  private static final int MOST_PROCESSES = 65_536;
  private static final int MOST_LISTINGS = 5;

  private final NvmlLibrary library;
  private final Calls calls;
  private final Pointer handle;
  private final long address;

  /** What calls write. It is read after each call, so that it lives until the call is back. */
  private final Memory scratch = new Memory(Layouts.SCRATCH_BYTES);

  private final long out = Pointer.nativeValue(scratch);

  public Device(NvmlLibrary library, Pointer handle) {
    this.library = library;
    this.calls = library.calls();
    this.handle = handle;
    this.address = Pointer.nativeValue(handle);
  }

  public Pointer handle() {
    return handle;
  }

  /** Whether it has the same handle, of the same loading of the library. */
  public boolean isSameAs(Device other) {
    return library == other.library && address == other.address;
  }

  /** Calls {@code function(device, arguments…)}. */
  public Answer<Boolean> call(Symbol symbol, Object... arguments) {
    int code = library.call(symbol, withHandle(arguments));
    return code == ReturnCode.SUCCESS ? Answer.of(true) : none(symbol, code);
  }

  /** Reads what {@code function(device, unsigned *out)} writes. */
  public Answer<Long> number(Symbol symbol) {
    scratch.clear();
    return fourBytes(symbol, calls.read(symbol, address, out));
  }

  /** Reads what {@code function(device, which, unsigned *out)} writes. */
  public Answer<Long> number(Symbol symbol, int which) {
    scratch.clear();
    return fourBytes(symbol, calls.readOf(symbol, address, which, out));
  }

  private Answer<Long> fourBytes(Symbol symbol, int code) {
    long number = unsigned(0);
    return code == ReturnCode.SUCCESS ? Answer.of(number) : none(symbol, code);
  }

  /** Reads what {@code function(device, unsigned long long *out)} writes. */
  public Answer<Long> wide(Symbol symbol) {
    scratch.clear();
    return eightBytes(symbol, calls.read(symbol, address, out));
  }

  /** Reads what {@code function(device, kind, number, unsigned long long *out)} writes. */
  public Answer<Long> wide(Symbol symbol, int kind, int number) {
    scratch.clear();
    return eightBytes(symbol, calls.readOf(symbol, address, kind, number, out));
  }

  /** Reads what {@code function(device, kind, counter, number, unsigned long long *out)} writes. */
  public Answer<Long> wide(Symbol symbol, int kind, int counter, int number) {
    scratch.clear();
    return eightBytes(symbol, calls.readOf(symbol, address, kind, counter, number, out));
  }

  private Answer<Long> eightBytes(Symbol symbol, int code) {
    long number = scratch.getLong(0);
    return code == ReturnCode.SUCCESS ? Answer.of(number) : none(symbol, code);
  }

  /** Two numbers of one call. */
  public record Pair(long first, long second) {}

  /** Reads the two that {@code function(device, unsigned *first, unsigned *second)} writes. */
  public Answer<Pair> pair(Symbol symbol) {
    scratch.clear();
    int code = calls.readTwo(symbol, address, out, out + Long.BYTES);
    Pair pair = new Pair(unsigned(0), unsigned(Long.BYTES));
    return code == ReturnCode.SUCCESS ? Answer.of(pair) : none(symbol, code);
  }

  /** Reads what {@code function(device, char *out, unsigned length)} writes. */
  public Answer<String> text(Symbol symbol) {
    scratch.clear();
    int code = calls.readWithin(symbol, address, out, Layouts.TEXT_BYTES);
    String text = scratch.getString(0, StandardCharsets.UTF_8.name());
    return code == ReturnCode.SUCCESS ? Answer.of(text) : none(symbol, code);
  }

  /** Whether it gives what {@link #text} would read. */
  public Answer<Boolean> gives(Symbol symbol) {
    scratch.clear();
    int code = calls.readWithin(symbol, address, out, Layouts.TEXT_BYTES);
    boolean any = scratch.getByte(0) != 0;
    return code == ReturnCode.SUCCESS ? Answer.of(any) : none(symbol, code);
  }

  /** The use of the GPU and of its memory, in percent. */
  public Answer<Pair> utilization() {
    scratch.clear();
    int code = calls.read(Symbol.UTILIZATION, address, out);
    Pair use = new Pair(unsigned(Layouts.UTILIZATION_GPU), unsigned(Layouts.UTILIZATION_MEMORY));
    return code == ReturnCode.SUCCESS ? Answer.of(use) : none(Symbol.UTILIZATION, code);
  }

  /** Degrees left to the slowdown. */
  public Answer<Long> margin() {
    scratch.clear();
    scratch.setInt(Layouts.MARGIN_VERSION, Layouts.MARGIN_WORD);
    int code = calls.read(Symbol.MARGIN_TEMPERATURE, address, out);
    long margin = scratch.getInt(Layouts.MARGIN);
    return code == ReturnCode.SUCCESS ? Answer.of(margin) : none(Symbol.MARGIN_TEMPERATURE, code);
  }

  /** Used and total memory in bytes, where the driver has version 2 of the call. */
  public Answer<Pair> memory() {
    scratch.clear();
    scratch.setInt(Layouts.MEMORY_VERSION, Layouts.MEMORY_WORD);
    int code = calls.read(Symbol.MEMORY_V2, address, out);
    Pair memory =
        new Pair(scratch.getLong(Layouts.MEMORY_USED), scratch.getLong(Layouts.MEMORY_TOTAL));
    return code == ReturnCode.SUCCESS ? Answer.of(memory) : none(Symbol.MEMORY_V2, code);
  }

  /** Memory banks by the spare rows that they have left. */
  public record RemapBanks(long max, long high, long partial, long low, long none) {}

  /** How many banks have how many spare rows left. */
  public Answer<RemapBanks> remapBanks() {
    scratch.clear();
    int code = calls.read(Symbol.REMAP_HISTOGRAM, address, out);
    RemapBanks banks =
        new RemapBanks(
            unsigned(Layouts.REMAP_MAX),
            unsigned(Layouts.REMAP_HIGH),
            unsigned(Layouts.REMAP_PARTIAL),
            unsigned(Layouts.REMAP_LOW),
            unsigned(Layouts.REMAP_NONE));
    return code == ReturnCode.SUCCESS ? Answer.of(banks) : none(Symbol.REMAP_HISTOGRAM, code);
  }

  /** Has {@code function(device, structure *out)} fill the structure in. */
  public <S extends Structure> Answer<S> structure(Symbol symbol, S out) {
    int code = library.call(symbol, handle, out);
    return code == ReturnCode.SUCCESS ? Answer.of(out) : none(symbol, code);
  }

  /** The slice in a slot of a GPU in MIG mode. */
  public Answer<Device> slice(int slot) {
    scratch.clear();
    int code = library.call(Symbol.MIG_HANDLE_BY_INDEX, handle, slot, scratch);
    return code == ReturnCode.SUCCESS
        ? Answer.of(new Device(library, scratch.getPointer(0)))
        : none(Symbol.MIG_HANDLE_BY_INDEX, code);
  }

  /**
   * The compute processes that hold it. More may come between counting and listing: it asks again.
   */
  public Answer<List<Structs.ProcessInfo>> processes() {
    Symbol symbol =
        library.has(Symbol.COMPUTE_PROCESSES)
            ? Symbol.COMPUTE_PROCESSES
            : Symbol.COMPUTE_PROCESSES_V2;
    scratch.clear();
    int code = calls.readTwo(symbol, address, out, 0);
    int count = scratch.getInt(0);
    for (int turn = 0; turn < MOST_LISTINGS && code == ReturnCode.INSUFFICIENT_SIZE; turn++) {
      int room = Math.min(Math.max(count, 0) + 8, MOST_PROCESSES);
      try (Memory list = new Memory(room * (long) Layouts.PROCESS_BYTES)) {
        list.clear();
        scratch.setInt(0, room);
        code = calls.readTwo(symbol, address, out, Pointer.nativeValue(list));
        count = scratch.getInt(0);
        if (code == ReturnCode.SUCCESS) {
          return Answer.of(processes(list, Math.min(count, room)));
        }
      }
    }
    return code == ReturnCode.SUCCESS ? Answer.of(List.of()) : none(symbol, code);
  }

  private static List<Structs.ProcessInfo> processes(Memory list, int count) {
    List<Structs.ProcessInfo> processes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Structs.ProcessInfo process = new Structs.ProcessInfo();
      process.copyFrom(list.getByteArray((long) i * Layouts.PROCESS_BYTES, Layouts.PROCESS_BYTES));
      processes.add(process);
    }
    return processes;
  }

  /** Reads all of them in one call; each has an answer of its own. */
  public Fields fields(List<FieldId> ids) {
    scratch.clear();
    for (int i = 0; i < ids.size(); i++) {
      scratch.setInt((long) i * Layouts.FIELD_BYTES, ids.get(i).id());
    }
    int code = calls.readOf(Symbol.FIELD_VALUES, address, ids.size(), out);
    Map<FieldId, Answer<Long>> answers = new EnumMap<>(FieldId.class);
    for (int i = 0; i < ids.size(); i++) {
      Answer<Long> answer = field((long) i * Layouts.FIELD_BYTES);
      answers.put(
          ids.get(i), code == ReturnCode.SUCCESS ? answer : none(Symbol.FIELD_VALUES, code));
    }
    return new Fields(answers);
  }

  private Answer<Long> field(long at) {
    int code = scratch.getInt(at + Layouts.FIELD_RETURN);
    if (code != ReturnCode.SUCCESS) {
      return Answer.none(library.problem(code));
    }
    long value = scratch.getLong(at + Layouts.FIELD_VALUE);
    int type = scratch.getInt(at + Layouts.FIELD_TYPE);
    return switch (type) { // nvmlValueType_t
      case 0 -> Answer.of(Math.round(Double.longBitsToDouble(value)));
      case 1 -> Answer.of(value & 0xFFFF_FFFFL);
      case 2, 3, 4 -> Answer.of(value);
      case 5 -> Answer.of((long) (int) value);
      case 6 -> Answer.of(value & 0xFFFFL);
      default -> Answer.none(Problem.Kind.FAILED, "a field of a type that is not known: " + type);
    };
  }

  private long unsigned(int offset) {
    return Integer.toUnsignedLong(scratch.getInt(offset));
  }

  private Object[] withHandle(Object[] arguments) {
    Object[] all = new Object[1 + arguments.length];
    all[0] = handle;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return all;
  }

  private <T> Answer<T> none(Symbol symbol, int code) {
    return Answer.none(library.refused(symbol, code));
  }
}
