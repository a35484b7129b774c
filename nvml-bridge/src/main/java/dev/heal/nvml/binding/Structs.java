package dev.heal.nvml.binding;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.Union;

/** The structures of NVML. JNA reads their public fields; sizes in bytes on 64-bit Linux. */
public final class Structs {
  private Structs() {}

  /** A structure that says where its fields lie. */
  public abstract static class Layout extends Structure {
    /** In bytes from the start of the structure. */
    public int offsetOf(String field) {
      return fieldOffset(field);
    }
  }

  /** A version word: the size of the structure, and its version in the top byte. */
  private static int versionWord(Structure structure, int version) {
    return structure.size() | (version << 24);
  }

  /** {@code nvmlPciInfo_t}, 68 bytes. */
  @FieldOrder({"busIdLegacy", "domain", "bus", "device", "pciDeviceId", "pciSubSystemId", "busId"})
  public static final class PciInfo extends Layout {
    public byte[] busIdLegacy = new byte[16];
    public int domain;
    public int bus;
    public int device;
    public int pciDeviceId;
    public int pciSubSystemId;
    public byte[] busId = new byte[32];
  }

  /** {@code nvmlUtilization_t}, 8 bytes; percent. */
  @FieldOrder({"gpu", "memory"})
  public static final class Utilization extends Layout {
    public int gpu;
    public int memory;
  }

  /** {@code nvmlMemory_t}, 24 bytes; {@code used} includes what the driver keeps for itself. */
  @FieldOrder({"total", "free", "used"})
  public static final class Memory extends Layout {
    public long total;
    public long free;
    public long used;
  }

  /** {@code nvmlMemory_v2_t}, 40 bytes. */
  @FieldOrder({"version", "total", "reserved", "free", "used"})
  public static final class MemoryV2 extends Layout {
    public int version;
    public long total;
    public long reserved;
    public long free;
    public long used;

    /** With its version word, 0x02000028. */
    public MemoryV2() {
      version = versionWord(this, 2);
    }
  }

  /** {@code nvmlMarginTemperature_v1_t}, 8 bytes; degrees left to the slowdown. */
  @FieldOrder({"version", "marginTemperature"})
  public static final class MarginTemperature extends Layout {
    public int version;
    public int marginTemperature;

    /** With its version word, 0x01000008. */
    public MarginTemperature() {
      version = versionWord(this, 1);
    }
  }

  /** {@code nvmlRowRemapperHistogramValues_t}, 20 bytes; banks by spare rows left. */
  @FieldOrder({"max", "high", "partial", "low", "none"})
  public static final class RemapHistogram extends Layout {
    public int max;
    public int high;
    public int partial;
    public int low;
    public int none;
  }

  /** {@code nvmlProcessInfo_v2_t}, 24 bytes. */
  @FieldOrder({"pid", "usedGpuMemory", "gpuInstanceId", "computeInstanceId"})
  public static final class ProcessInfo extends Layout {
    public int pid;
    public long usedGpuMemory;
    public int gpuInstanceId;
    public int computeInstanceId;

    /** Reads it out of native memory that was copied. */
    void copyFrom(byte[] bytes) {
      getPointer().write(0, bytes, 0, bytes.length);
      read();
    }
  }

  /** {@code nvmlEventData_t}, 32 bytes. */
  @FieldOrder({"device", "eventType", "eventData", "gpuInstanceId", "computeInstanceId"})
  public static final class EventData extends Layout {
    public Pointer device = Pointer.NULL;
    public long eventType;
    public long eventData;
    public int gpuInstanceId;
    public int computeInstanceId;
  }

  /** {@code nvmlFieldValue_t}, 40 bytes. */
  @FieldOrder({
    "fieldId",
    "scopeId",
    "timestamp",
    "latencyUsec",
    "valueType",
    "nvmlReturn",
    "value"
  })
  public static final class FieldValue extends Layout {
    public int fieldId;
    public int scopeId;
    public long timestamp;
    public long latencyUsec;
    public int valueType;
    public int nvmlReturn;
    public FieldUnion value = new FieldUnion();
  }

  /** {@code nvmlValue_t}, 8 bytes; {@code valueType} says which one it is. */
  public static final class FieldUnion extends Union {
    public double dVal;
    public int uiVal;
    public long ullVal;
  }
}
