package dev.heal.engine.reload.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heal.dsl.text.SourceFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files are taken as a whole while others write them; what others do, they do between two looks.
 */
@SuppressWarnings("try") // closed where the story says so
class DirectorySnapshotTest {
  private static final String FAULT = "fault f%s on gpu { when xid == 79, clear after 1h }\n";

  @TempDir Path folder;
  private final Deque<Change> changes = new ArrayDeque<>();
  private int waits;

  /** What others do between two looks. */
  private interface Change {
    void make() throws IOException;
  }

  private DirectorySnapshot snapshot(Path... policies) {
    return new DirectorySnapshot(
        List.of(policies), Optional.empty(), span -> others(), new OpenFiles());
  }

  private void others() {
    waits++;
    Change next = changes.poll();
    if (next != null) {
      try {
        next.make();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private PolicyTexts take() throws Exception {
    return snapshot(folder).take();
  }

  private static List<String> texts(PolicyTexts taken) {
    return taken.sources().stream().map(SourceFile::text).toList();
  }

  private List<String> names(PolicyTexts taken) {
    return taken.sources().stream()
        .map(source -> folder.relativize(Path.of(source.name())).toString())
        .toList();
  }

  @Test
  void allFilesOfAFolderAreTakenInTheOrderInWhichACheckTakesThem() throws Exception {
    write("b.heal", "heal 1\n");
    write("a/x.heal", "heal 1\n");
    write("c.heal", "heal 1\n");
    write(".hidden/y.heal", "no");
    write("notes.txt", "no");

    assertThat(names(take())).containsExactly("a/x.heal", "b.heal", "c.heal");
    assertThat(waits).as("looks behind the first").isEqualTo(1);
  }

  @Test
  void theDigestIsThatOfWhatSha256sumPrints() throws Exception {
    write("a.heal", "heal 1\n");
    write("b/c.heal", "heal 1\n# more\n");
    String before = take().digest();

    // (cd FOLDER; sha256sum a.heal b/c.heal | sha256sum)
    assertThat(before)
        .isEqualTo("sha256:21ef2ccf1fa6a78dfc1e1a8728b46cd9507ff1308ca3ee80831e6aec1050a369");
    write("b/c.heal", "heal 1\n# less\n");
    assertThat(take().digest()).isNotEqualTo(before);
    write("b/c.heal", "heal 1\n# more\n");
    assertThat(take().digest()).isEqualTo(before);
    Files.move(folder.resolve("a.heal"), folder.resolve("d.heal"));
    assertThat(take().digest()).as("of another name").isNotEqualTo(before);
  }

  @Test
  void aFileThatGrowsWhileItIsReadIsAwaited() throws Exception {
    Path file = write("a.heal", "heal 1\n");
    for (int i = 0; i < 5; i++) {
      String more = FAULT.formatted(i);
      changes.add(() -> Files.writeString(file, more, StandardOpenOption.APPEND));
    }

    assertThat(texts(take()).get(0)).contains("fault f0").contains("fault f4");
    assertThat(waits).isEqualTo(6);
  }

  /** What is written so far would pass every check; only who has the file open tells. */
  @Test
  void aFileThatIsHalfWrittenIsAwaitedUntilItIsClosed() throws Exception {
    Path file = folder.resolve("a.heal");
    try (OutputStream half = Files.newOutputStream(file)) {
      half.write(("heal 1\n" + FAULT.formatted(1)).getBytes(StandardCharsets.UTF_8));
      half.flush();
      changes.add(() -> {});
      changes.add(() -> {});
      changes.add(
          () -> {
            half.write(FAULT.formatted(2).getBytes(StandardCharsets.UTF_8));
            half.close();
          });

      assertThat(texts(take())).singleElement().asString().contains("fault f2");
      assertThat(waits).isGreaterThan(3);
    }
  }

  @Test
  void aFileThatNobodyClosesIsNotTaken() throws Exception {
    Path file = folder.resolve("a.heal");
    try (OutputStream half = Files.newOutputStream(file)) {
      half.write("heal 1\n".getBytes(StandardCharsets.UTF_8));
      half.flush();

      assertThatThrownBy(this::take)
          .isInstanceOf(TakingException.class)
          .hasMessage("`" + file + "` is being written: the files do not come to rest");
    }
  }

  @Test
  void aMountedConfigMapIsTakenBeforeOrBehindItsSwapAndNeverBetween() throws Exception {
    for (String version : List.of("..1", "..2")) {
      write(version + "/a.heal", "heal 1\n# a " + version + "\n");
      write(version + "/b.heal", "heal 1\n# b " + version + "\n");
    }
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
    for (String name : List.of("a.heal", "b.heal")) {
      Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
    }
    changes.add(
        () -> {
          Path swap = folder.resolve("..data_tmp");
          Files.createSymbolicLink(swap, Path.of("..2"));
          Files.move(swap, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        });

    assertThat(texts(take())).containsExactly("heal 1\n# a ..2\n", "heal 1\n# b ..2\n");
  }

  /** A link may lead to other bytes of the same size and time. */
  @Test
  void whereALinkLeadsCounts() throws Exception {
    Path one = write("one/a.heal", "heal 1\n");
    Path two = write("two/a.heal", "heal 1\n");
    Files.setLastModifiedTime(two, Files.getLastModifiedTime(one));
    Path link = folder.resolve("in").resolve("a.heal");
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, one);
    changes.add(
        () -> {
          Files.delete(link);
          Files.createSymbolicLink(link, two);
        });

    PolicyTexts taken = snapshot(folder.resolve("in")).take();

    assertThat(taken.sources()).hasSize(1);
    assertThat(waits).as("it was looked at again").isEqualTo(2);
  }

  @Test
  void aFolderThatVanishesIsNamed() throws Exception {
    write("a.heal", "heal 1\n");
    changes.add(() -> delete(folder.resolve("a.heal")));
    assertThatThrownBy(this::take)
        .isInstanceOf(TakingException.class)
        .hasMessage("there is no .heal file in `" + folder + "`");

    Path gone = folder.resolve("gone");
    assertThatThrownBy(() -> snapshot(gone).take())
        .isInstanceOf(TakingException.class)
        .hasMessage("`" + gone + "` is not there");
  }

  private static void delete(Path file) throws IOException {
    Files.delete(file);
  }

  @Test
  void aLinkThatLeadsNowhereIsAFileThatCannotBeRead() throws Exception {
    write("a.heal", "heal 1\n");
    Files.createSymbolicLink(folder.resolve("b.heal"), Path.of("nowhere.heal"));

    PolicyTexts taken = take();

    assertThat(taken.unreadable())
        .singleElement()
        .satisfies(d -> assertThat(d.message()).contains("there is no file"));
    assertThat(taken.check().policy()).as("it is no whole").isEmpty();
  }

  @Test
  void whatIsImportedFromElsewhereIsTakenToo() throws Exception {
    Path outside = write("shared/base.heal", "heal 1\n" + FAULT.formatted("old"));
    write("policies/a.heal", "heal 1\nimport \"../shared/base\" as base\n");
    PolicyTexts taken = snapshot(folder.resolve("policies")).take();
    Files.writeString(outside, "heal 1\n" + FAULT.formatted("new"));

    assertThat(taken.check().policy().orElseThrow().faults())
        .extracting(fault -> fault.name())
        .containsExactly("base.fold");
    assertThat(snapshot(folder.resolve("policies")).take().digest()).isNotEqualTo(taken.digest());
  }

  @Test
  void tenThousandFilesAreTaken() throws Exception {
    for (int i = 0; i < 10_000; i++) {
      write("d" + i % 100 + "/f" + i + ".heal", "heal 1\n" + FAULT.formatted(i));
    }

    assertThat(take().sources()).hasSize(10_000);
  }

  @Test
  void moreThanTheLimitsIsRefused() throws Exception {
    for (int i = 0; i < 4; i++) {
      write("f" + i + ".heal", "heal 1\n");
    }
    DirectorySnapshot small =
        new DirectorySnapshot(
            List.of(folder),
            Optional.empty(),
            span -> {},
            DirectorySnapshot.Writers.UNKNOWN,
            new Look.Limits(3, 1 << 20));

    assertThatThrownBy(small::take)
        .isInstanceOf(TakingException.class)
        .hasMessage("there are more than 3 files or 1 MiB of policies");
  }

  @Test
  void editorsWriteInTheirWays() throws Exception {
    Path file = write("a.heal", "heal 1\n");
    List<Change> ways = new ArrayList<>();
    ways.add( // written beside it and moved over it; what it was is kept beside it
        () -> {
          Path fresh = Files.writeString(folder.resolve("4913"), "heal 1\n# 1\n");
          Files.move(file, folder.resolve("a.heal~"), StandardCopyOption.REPLACE_EXISTING);
          Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        });
    ways.add( // an editor's lock beside it leads nowhere
        () -> {
          Path lock = folder.resolve(".#a.heal");
          if (!Files.exists(lock, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(lock, Path.of("ann@host.123"));
          }
          Files.writeString(file, "heal 1\n# 2\n");
        });
    ways.add(() -> Files.writeString(file, "heal 1\n# 3\n", StandardOpenOption.TRUNCATE_EXISTING));
    for (int i = 0; i < ways.size(); i++) {
      changes.add(ways.get(i));
      assertThat(texts(take())).containsExactly("heal 1\n# " + (i + 1) + "\n");
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).hasSize(3);
    }
  }
}
