package dev.heal.dsl.parse;

/** The codes of what can be wrong with the text of a file. */
public enum SyntaxCode {
  H0101("a string or pattern is not closed"),
  H0102("a sign that is not part of the language"),
  H0103("`=` does not compare"),
  H0104("a statement is not complete"),
  H0105("a word that does not fit here"),
  H0106("a block is not closed"),
  H0107("a bracket without its partner"),
  H0108("an unknown declaration"),
  H0109("the first line does not name the edition"),
  H0110("`and` and `or` mix without parentheses"),
  H0111("nested too deeply, or too long"),
  H0112("letters that are not ASCII outside of strings"),
  H0113("hidden characters that turn the reading direction"),
  H0114("an unknown escape in a string"),
  H0115("a number and its unit stand apart"),
  H0116("`for` where it could mean two things"),
  H0117("look-alike letters in a text"),
  H0120("the file cannot be read"),
  H0121("the file is too large"),
  H0122("the file is not text");

  private final String title;

  SyntaxCode(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }
}
