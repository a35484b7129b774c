package dev.heal.nvml.bench;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Structure;
import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What native code other than the virtual machine has allocated in this process and not freed.
 *
 * <p>It is what glibc counts, less what the virtual machine has of it, as its native memory
 * tracking tells: a compiler at work takes 15 MB and gives them back when it likes, and in that no
 * leak could be seen. To run with {@link #OPTION}.
 */
public final class NativeMemory {
  /** Of the virtual machine; without it nothing can be measured. */
  public static final String OPTION = "-XX:NativeMemoryTracking=summary";

  private static final Pattern OF_THE_MACHINE =
      Pattern.compile("\\((?:malloc|arena|tracking overhead)=(\\d+)");
  private static final int READINGS = 20;

  private NativeMemory() {}

  /**
   * In bytes; needs glibc 2.33 or newer. Of several readings that one in which the virtual machine
   * itself took or gave back the least while it was taken.
   */
  public static long allocatedByOthers() {
    long least = Long.MAX_VALUE;
    long best = 0;
    long before = allocatedByTheMachine();
    for (int reading = 0; reading < READINGS; reading++) {
      long all = allocated();
      long after = allocatedByTheMachine();
      if (Math.abs(after - before) < least) {
        least = Math.abs(after - before);
        best = all - (before + after) / 2;
      }
      before = after;
    }
    return best;
  }

  private static long allocated() {
    MallInfo info =
        (MallInfo)
            NativeLibrary.getInstance("c")
                .getFunction("mallinfo2")
                .invoke(MallInfo.class, new Object[0]);
    return info.uordblks + info.hblkhd;
  }

  private static long allocatedByTheMachine() {
    Matcher parts = OF_THE_MACHINE.matcher(tracked());
    long sum = 0;
    while (parts.find()) {
      sum += Long.parseLong(parts.group(1));
    }
    if (sum == 0) {
      throw new IllegalStateException("native memory is not tracked: run java with " + OPTION);
    }
    return sum;
  }

  private static String tracked() {
    try {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "vmNativeMemory",
                  new Object[] {new String[] {"summary", "scale=B"}},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException("cannot ask for what the virtual machine has allocated", e);
    }
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
