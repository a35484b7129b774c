package dev.heal.nvml.bench;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Structure;

/** What native code of this process has allocated and not freed, as glibc counts it. */
public final class NativeMemory {
  private NativeMemory() {}

  /** In KiB; needs glibc 2.33 or newer. */
  public static long allocatedKib() {
    MallInfo info =
        (MallInfo)
            NativeLibrary.getInstance("c")
                .getFunction("mallinfo2")
                .invoke(MallInfo.class, new Object[0]);
    return (info.uordblks + info.hblkhd) >> 10;
  }

  /** {@code struct mallinfo2} of glibc, in bytes. */
  @Structure.FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  public static class MallInfo extends Structure implements Structure.ByValue {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;
    public long hblkhd;
    public long usmblks;
    public long fsmblks;
    public long uordblks;
    public long fordblks;
    public long keepcost;
  }
}
