package dev.heal.dsl.parse;

import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/**
 * A declaration or statement before it is parsed: its tokens up to a block, and the pieces in the
 * block.
 *
 * @param tokens without line ends and comments; never empty
 * @param afterComma whether a comma stands before it
 * @param open the brace that opens its block
 * @param close the brace that closes it; where it is missing, the last token before
 */
record Piece(
    List<Token> tokens,
    Optional<List<Piece>> block,
    boolean afterComma,
    Optional<Token> open,
    Optional<Token> close) {
  Piece {
    tokens = List.copyOf(tokens);
    block = block.map(List::copyOf);
  }

  Token first() {
    return tokens.get(0);
  }

  Token lastOfHead() {
    return tokens.get(tokens.size() - 1);
  }
}
