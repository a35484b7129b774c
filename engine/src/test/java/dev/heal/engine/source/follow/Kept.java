package dev.heal.engine.source.follow;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps lines and places together, as a journal does. */
final class Kept implements FollowSink {
  final List<String> lines = new ArrayList<>();
  final List<String> gaps = new ArrayList<>();
  final Map<List<Object>, FilePosition> places = new HashMap<>();
  final List<LineBatch> batches = new ArrayList<>();

  @Override
  public synchronized void lines(LineBatch batch) {
    batches.add(batch);
    batch.lines().forEach(line -> lines.add(line.text()));
    places.put(List.of(batch.after().file(), batch.after().id()), batch.after());
    notifyAll();
  }

  @Override
  public void done(FilePosition last) {
    places.remove(List.of(last.file(), last.id()));
  }

  @Override
  public synchronized void gap(Path file, String reason) {
    gaps.add(file.getFileName() + " " + reason);
    notifyAll();
  }

  synchronized void await(int count) throws InterruptedException {
    for (int i = 0; i < 100 && lines.size() < count; i++) {
      wait(300);
    }
  }
}
