package dev.heal.dsl.parse;

import dev.heal.dsl.text.SourceFile;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.misc.Interval;

/** The characters of a file, and how often they were looked at. */
final class CountedCharacters implements CharStream {
  private final SourceCharacters characters;
  private long looks;

  CountedCharacters(SourceFile source) {
    this.characters = new SourceCharacters(source);
  }

  long looks() {
    return looks;
  }

  @Override
  public int LA(int ahead) {
    looks++;
    return characters.LA(ahead);
  }

  @Override
  public void consume() {
    characters.consume();
  }

  @Override
  public String getText(Interval interval) {
    return characters.getText(interval);
  }

  @Override
  public int mark() {
    return characters.mark();
  }

  @Override
  public void release(int marker) {
    characters.release(marker);
  }

  @Override
  public int index() {
    return characters.index();
  }

  @Override
  public void seek(int place) {
    characters.seek(place);
  }

  @Override
  public int size() {
    return characters.size();
  }

  @Override
  public String getSourceName() {
    return characters.getSourceName();
  }
}
