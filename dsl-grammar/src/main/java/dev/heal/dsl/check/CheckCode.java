package dev.heal.dsl.check;

import dev.heal.dsl.diagnostic.Severity;

/** The codes of what can be wrong with the meaning of a file. */
public enum CheckCode {
  H0201("an unknown fault"),
  H0202("an unknown budget"),
  H0203("an unknown signal"),
  H0204("an unknown verb"),
  H0205("a verb on a target that it does not have"),
  H0206("an unknown setting"),
  H0207("an import that is not found"),
  H0208("an unknown node, service or job"),
  H0209("a name declared twice"),
  H0210("imports in a circle"),
  H0211("something that nothing uses", Severity.WARNING),
  H0212("a setting given twice"),
  H0213("a setting is missing"),
  H0214("an unknown name"),
  H0215("an unknown policy"),
  H0216("an unknown word"),
  H0217("an unknown profile"),
  H0218("an unknown pager"),
  H0219("faults of several kinds of entity in one policy"),
  H0301("a number without its unit"),
  H0302("an unknown unit"),
  H0303("a quantity of another kind"),
  H0304("a value outside of the physical range"),
  H0305("a value of the wrong kind"),
  H0306("a `tune` outside of its range"),
  H0307("a pattern that cannot be used"),
  H0308("a pattern that does not match its sample"),
  H0309("a capture without its group"),
  H0310("an event where only a level can stand"),
  H0311("a function used wrongly"),
  H0401("a detection slower than `within`", Severity.WARNING),
  H0402("a span of under two samples"),
  H0403("a confirmation longer than its timeout"),
  H0404("a backoff upside down"),
  H0405("no rung fits into `within`"),
  H0406("a threshold without `for` or `clear when`", Severity.WARNING),
  H0407("`missing` is not stated", Severity.WARNING),
  H0408("a cooldown shorter than its ladder", Severity.WARNING),
  H0409("`clear when` overlaps `when`", Severity.WARNING),
  H0410("a `settle` that eats the tolerance", Severity.WARNING),
  H0501("a condition that can never be true", Severity.WARNING),
  H0502("a policy that another one shadows", Severity.WARNING),
  H0503("a rung that can never run", Severity.WARNING),
  H0504("a fault that no policy handles", Severity.WARNING),
  H0505("equal priority in a conflict"),
  H0506("faults that suppress each other"),
  H0507("an act that raises its own fault"),
  H0601("an enforced threshold without `clear when`"),
  H0602("`skip poison` without a queue"),
  H0603("a migration off a dead node without a `fence`", Severity.WARNING),
  H0604("a destructive act without a budget"),
  H0605("a limit of all or nothing"),
  H0606("a step without `confirm`"),
  H0607("no `give up`", Severity.WARNING),
  H0608("enforced without a bound on attempts", Severity.WARNING),
  H0609("an event fault that never clears"),
  H0610("a reversible act that is never undone"),
  H0701("an act that contradicts the Xid catalogue", Severity.WARNING);

  private final String title;
  private final Severity severity;

  CheckCode(String title) {
    this(title, Severity.ERROR);
  }

  CheckCode(String title, Severity severity) {
    this.title = title;
    this.severity = severity;
  }

  public String title() {
    return title;
  }

  public Severity severity() {
    return severity;
  }
}
