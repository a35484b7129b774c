package dev.heal.dsl.parse;

import dev.heal.dsl.diagnostic.Diagnostic;
import dev.heal.dsl.text.SourceFile;
import dev.heal.dsl.text.Span;
import dev.heal.dsl.tree.ComparisonOperator;
import dev.heal.dsl.tree.Name;
import dev.heal.dsl.tree.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/** Values and names out of the parser's contexts. */
final class Values {
  private static final Pattern PART = Pattern.compile("(-?\\d+(?:\\.\\d+)?)([a-zA-Z%\u00B5]*)");
  private static final int LONGEST_NUMBER = 30;
  private static final int MOST_PARTS = 10;

  private final SourceFile source;
  private final List<Diagnostic> diagnostics;

  Values(SourceFile source, List<Diagnostic> diagnostics) {
    this.source = source;
    this.diagnostics = diagnostics;
  }

  Span span(ParserRuleContext context) {
    return Tokens.span(source, context.getStart()).to(Tokens.span(source, context.getStop()));
  }

  Span span(Token token) {
    return Tokens.span(source, token);
  }

  Name name(ParserRuleContext single) {
    return new Name(List.of(single.getText()), span(single));
  }

  Name name(HealParser.DottedContext dotted) {
    return new Name(dotted.name().stream().map(n -> n.getText()).toList(), span(dotted));
  }

  Name name(HealParser.PathContext path) {
    List<String> parts = new ArrayList<>();
    parts.add(path.plain().getText());
    path.name().forEach(n -> parts.add(n.getText()));
    return new Name(parts, span(path));
  }

  Value value(HealParser.ValueContext value) {
    if (value.QTY() != null) {
      return quantity(value.QTY().getSymbol());
    }
    if (value.range() != null) {
      return range(value.range());
    }
    if (value.STRING() != null) {
      return string(value.STRING().getSymbol());
    }
    if (value.RAW() != null) {
      return raw(value.RAW().getSymbol());
    }
    if (value.list() != null) {
      return list(value.list());
    }
    if (value.comparison() != null) {
      return new Value.Comparison(operator(value.comparison()), span(value));
    }
    return new Value.Word(name(value.dotted()));
  }

  Value.Range range(HealParser.RangeContext range) {
    return new Value.Range(
        quantity(range.QTY(0).getSymbol()), quantity(range.QTY(1).getSymbol()), span(range));
  }

  Value.ListOf list(HealParser.ListContext list) {
    return new Value.ListOf(list.value().stream().map(this::value).toList(), span(list));
  }

  Value.Pattern raw(Token token) {
    String text = span(token).text();
    return new Value.Pattern(text.substring(1, text.length() - 1), span(token));
  }

  ComparisonOperator operator(HealParser.ComparisonContext sign) {
    String text = sign.getText();
    for (ComparisonOperator operator : ComparisonOperator.values()) {
      if (operator.sign().equals(text)) {
        return operator;
      }
    }
    throw new IllegalStateException("no comparison " + text);
  }

  Value.Quantity quantity(Token token) {
    List<Value.Quantity.Part> parts = new ArrayList<>();
    Matcher matcher = PART.matcher(token.getText());
    while (matcher.find()) {
      if (parts.size() == MOST_PARTS) {
        diagnostics.add(
            Diagnostic.error(SyntaxCode.H0111.name(), span(token), "a quantity of over 10 parts"));
        break;
      }
      String number = matcher.group(1);
      if (number.length() > LONGEST_NUMBER) {
        diagnostics.add(
            Diagnostic.error(SyntaxCode.H0111.name(), span(token), "a number of over 30 digits"));
        number = "0";
      }
      parts.add(new Value.Quantity.Part(new BigDecimal(number), matcher.group(2)));
    }
    return new Value.Quantity(parts, span(token));
  }

  Value.Text string(Token token) {
    Span span = span(token);
    String raw = span.text();
    StringBuilder text = new StringBuilder(raw.length());
    for (int i = 1; i < raw.length() - 1; i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escaped = raw.charAt(++i);
      switch (escaped) {
        case '"', '\\' -> text.append(escaped);
        case 'n' -> text.append('\n');
        case 't' -> text.append('\t');
        default ->
            diagnostics.add(
                Diagnostic.error(
                        SyntaxCode.H0114.name(),
                        new Span(source, span.start() + i - 1, span.start() + i + 1),
                        "`\\" + escaped + "` is not an escape")
                    .help("the escapes are `\\\"`, `\\\\`, `\\n` and `\\t`"));
      }
    }
    return new Value.Text(text.toString(), span);
  }
}
