package dev.heal.nvml.binding;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Structure;
import dev.heal.nvml.fake.FakeMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.bytedeco.cuda.nvml.nvmlEventData_t;
import org.bytedeco.cuda.nvml.nvmlFieldValue_t;
import org.bytedeco.cuda.nvml.nvmlMarginTemperature_v1_t;
import org.bytedeco.cuda.nvml.nvmlMemory_t;
import org.bytedeco.cuda.nvml.nvmlMemory_v2_t;
import org.bytedeco.cuda.nvml.nvmlPciInfo_t;
import org.bytedeco.cuda.nvml.nvmlProcessInfo_v2_t;
import org.bytedeco.cuda.nvml.nvmlRowRemapperHistogramValues_t;
import org.bytedeco.cuda.nvml.nvmlUtilization_t;
import org.bytedeco.cuda.nvml.nvmlValue_t;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our structures against those that the JavaCPP presets have read out of NVIDIA's own header. */
class LayoutTest {
  private static final String WITNESS = "/org/bytedeco/cuda/linux-x86_64/libjninvml.so";

  @TempDir private Path folder;

  @Test
  void structuresLieInMemoryAsTheHeaderSays() throws IOException {
    loadWitness();

    assertSame(new Structs.PciInfo(), nvmlPciInfo_t.class);
    assertSame(new Structs.Utilization(), nvmlUtilization_t.class);
    assertSame(new Structs.Memory(), nvmlMemory_t.class);
    assertSame(new Structs.MemoryV2(), nvmlMemory_v2_t.class);
    assertSame(new Structs.MarginTemperature(), nvmlMarginTemperature_v1_t.class);
    assertSame(new Structs.RemapHistogram(), nvmlRowRemapperHistogramValues_t.class);
    assertSame(new Structs.ProcessInfo(), nvmlProcessInfo_v2_t.class);
    assertSame(new Structs.EventData(), nvmlEventData_t.class);
    assertSame(new Structs.FieldValue(), nvmlFieldValue_t.class);
    assertThat(new Structs.FieldUnion().size()).isEqualTo(Pointer.sizeof(nvmlValue_t.class));
  }

  @Test
  void versionWordsAreThoseOfTheHeader() {
    assertThat(new Structs.MemoryV2().version).isEqualTo(0x02000028);
    assertThat(new Structs.MarginTemperature().version).isEqualTo(0x01000008);
  }

  /** The witness is linked against NVML: ours by that name is there first. */
  private void loadWitness() throws IOException {
    Loader.load(Pointer.class);
    try (FakeMachine machine = FakeMachine.of("h100x8", folder)) {
      System.load(machine.library());
    }
    Path witness = folder.resolve("libjninvml.so");
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(WITNESS))) {
      Files.copy(in, witness);
    }
    System.load(witness.toString());
  }

  private static void assertSame(Structs.Layout ours, Class<? extends Pointer> theirs) {
    assertThat(ours.size()).as(theirs.getSimpleName()).isEqualTo(Pointer.sizeof(theirs));
    List<String> fields =
        List.of(ours.getClass().getAnnotation(Structure.FieldOrder.class).value());
    for (String field : fields) {
      assertThat(ours.offsetOf(field))
          .as("%s.%s", theirs.getSimpleName(), field)
          .isEqualTo(Pointer.offsetof(theirs, field));
    }
  }
}
