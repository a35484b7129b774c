package dev.heal.engine.source.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heal.engine.source.follow.FollowOptions.FirstSight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each line once, whatever happens to the files, also over a restart. */
class FollowedTest {
  @TempDir Path directory;
  private Kept kept = new Kept();
  private Followed followed;
  private Path log;
  private long rotatedAt = 1_700_000_000;

  @BeforeEach
  void start() {
    log = directory.resolve("app.log");
    followed = open("*.log", FirstSight.END);
  }

  @AfterEach
  void stop() {
    followed.close();
  }

  @Test
  void whatWasThereBeforeIsOldNewsAndWhatAppearsLaterIsRead() throws IOException {
    append(log, "old\n");
    look();
    append(log, "new\n");
    append(directory.resolve("later.log"), "all of it\n");
    append(directory.resolve("other.txt"), "no\n");
    append(directory.resolve("app.log.2.gz"), "no\n");
    look();
    assertThat(kept.lines).containsExactly("new", "all of it");
    FilePosition first = kept.batches.get(0).after();
    assertThat(first.offset()).isEqualTo(4);
    assertThat(kept.batches.get(2).before()).isEqualTo(first);
    assertThat(kept.batches.get(2).after().offset()).isEqualTo(8);
  }

  @Test
  void aLineIsHeldUntilItsLineFeedComesAlsoOverARestart() throws IOException {
    look();
    append(log, "one\ntw");
    look();
    restart();
    append(log, "o\r\n");
    look();
    assertThat(kept.lines).containsExactly("one", "two");
  }

  @Test
  void theOldFileIsReadToItsEndBeforeTheNewOne() throws IOException {
    look();
    append(log, "1\n");
    look();
    append(log, "2\n");
    Files.move(log, directory.resolve("app.log.1"));
    append(log, "4\n");
    append(directory.resolve("app.log.1"), "3\n");
    look();
    append(directory.resolve("app.log.1"), "late, without an end");
    for (int i = 0; i <= Followed.QUIET_LOOKS + 1; i++) {
      look();
    }
    assertThat(kept.lines).containsExactly("1", "2", "3", "4", "late, without an end");
    assertThat(kept.gaps).isEmpty();
    assertThat(kept.places).as("the rotated file is done").hasSize(1);
  }

  @Test
  void rotatedTwiceWhileTheEngineWasDown() throws IOException {
    append(log, "0\n");
    look();
    append(log, "1\n");
    look();
    followed.close();
    append(log, "2\n");
    rotateByName();
    append(log, "3\n");
    rotateByName();
    append(log, "4\n");
    followed = open("*.log", FirstSight.END);
    look();
    assertThat(kept.lines).containsExactly("1", "2", "3", "4");
    assertThat(kept.gaps).isEmpty();
  }

  @Test
  void rotatedAndCompressedWhileTheEngineWasDownIsToldAsAGap() throws IOException {
    look();
    append(log, "1\n");
    look();
    followed.close();
    Files.move(log, directory.resolve("app.log.1.gz"));
    append(log, "3\n");
    followed = open("*.log", FirstSight.END);
    look();
    assertThat(kept.lines).containsExactly("1", "3");
    assertThat(kept.gaps)
        .containsExactly(
            "app.log was rotated and is gone or compressed: lines behind byte 2 of the former file"
                + " may be lost");
  }

  @Test
  void truncatedWithoutACopyIsToldAsAGap() throws IOException {
    look();
    append(log, "one\ntwo\n");
    look();
    Files.writeString(log, "3\n");
    look();
    Files.writeString(log, "longer than what was there before\n");
    look();
    assertThat(kept.lines).containsExactly("one", "two", "3", "longer than what was there before");
    assertThat(kept.gaps)
        .containsExactly(
            "app.log was truncated: lines behind byte 8 may be lost",
            "app.log was truncated: lines behind byte 2 may be lost");
  }

  @Test
  void aGlobMayHaveWildDirectoriesAndMeetRotatedNames() throws IOException {
    followed.close();
    followed = open("*/[ab]*", FirstSight.END);
    look();
    Path pod = Files.createDirectory(directory.resolve("pod1"));
    append(pod.resolve("app.log"), "1\n");
    append(pod.resolve("c.log"), "no\n");
    look();
    Files.move(pod.resolve("app.log"), pod.resolve("app.log.1"));
    append(pod.resolve("app.log.1"), "2\n");
    look();
    append(pod.resolve("app.log"), "3\n");
    look();
    assertThat(kept.lines).containsExactly("1", "2", "3");
    assertThatThrownBy(() -> open("**/x", FirstSight.END))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Random histories: appends, halves of lines, rotations of one kind, looks and restarts. */
  @Test
  void eachLineIsGivenOnceInOrder() throws IOException {
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      boolean byCopy = seed % 2 == 0;
      followed.close();
      kept = new Kept();
      log = Files.createDirectory(directory.resolve("seed" + seed)).resolve("app.log");
      append(log, "");
      followed = open("seed" + seed + "/*.log", FirstSight.END);
      look();
      List<String> written = new ArrayList<>();
      for (int step = 0; step < 60; step++) {
        int number = written.size();
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> {
            append(log, "line " + number + "\n");
            written.add("line " + number);
          }
          case 3 -> {
            append(log, "line");
            if (random.nextBoolean()) {
              look();
            }
            append(log, " " + number + "\n");
            written.add("line " + number);
          }
          case 4 -> {
            if (Files.exists(log) && Files.size(log) > 0) {
              if (byCopy) {
                look();
                append(log, "line " + number + "\n");
                written.add("line " + number);
                rotateByCopy();
              } else {
                rotateByName();
              }
            }
          }
          case 5 -> restart();
          default -> look();
        }
      }
      look();
      assertThat(kept.lines).as("seed %d", seed).isEqualTo(written);
      assertThat(kept.gaps).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void aThreadFollowsByItself() throws Exception {
    FollowOptions options =
        new FollowOptions(
            List.of(directory + "/*.log"), FirstSight.BEGINNING, Duration.ofMinutes(10));
    append(log, "0\n");
    try (Follower follower = new Follower(options, List.of(), kept)) {
      assertThat(follower).isNotNull();
      kept.await(1);
      for (int i = 1; i < 3000; i++) {
        append(log, i + "\n");
        if (i % 1000 == 0) {
          Files.move(log, directory.resolve("app.log." + i));
        }
      }
      kept.await(3000);
    }
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      expected.add(Integer.toString(i));
    }
    assertThat(kept.lines).isEqualTo(expected);
  }

  private Followed open(String glob, FirstSight firstSight) {
    return new Followed(
        new FollowOptions(List.of(directory + "/" + glob), firstSight, Duration.ofSeconds(1)),
        List.copyOf(kept.places.values()),
        kept);
  }

  private void restart() {
    followed.close();
    followed = open(directory.relativize(log.resolveSibling("*.log")).toString(), FirstSight.END);
    look();
  }

  private void look() {
    while (followed.look(new TreeSet<>())) {
      assertThat(kept.lines.size()).isLessThan(100_000);
    }
  }

  /** {@code logrotate}: app.log.1 becomes app.log.2, then app.log becomes app.log.1. */
  private void rotateByName() throws IOException {
    shift();
    Files.move(log, rotated(1));
    stamp();
  }

  private void rotateByCopy() throws IOException {
    shift();
    Files.copy(log, rotated(1));
    stamp();
    Files.newByteChannel(log, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
        .close();
  }

  private void shift() throws IOException {
    for (int i = 50; i > 0; i--) {
      if (Files.exists(rotated(i))) {
        Files.move(rotated(i), rotated(i + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** The file system's stamps are coarser than this test. */
  private void stamp() throws IOException {
    Files.setLastModifiedTime(rotated(1), FileTime.from(Instant.ofEpochSecond(rotatedAt++)));
  }

  private Path rotated(int number) {
    return log.resolveSibling("app.log." + number);
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
