package dev.heal.engine.reload.bundle;

/** Policies or keys are not taken; the refusal is for the operator. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(refusal.text());
    this.refusal = refusal;
  }

  RefusedException(Refusal.Kind kind, String text, String help) {
    this(new Refusal(kind, text, help));
  }

  /** Why, and what to do. */
  public Refusal refusal() {
    return refusal;
  }
}
