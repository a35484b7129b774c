package dev.heal.engine.decide;

/** Why a repair that is due does not begin. */
public enum HoldReason {
  /** Auto-repair is switched off. */
  PAUSED,
  BREAKER,
  SUPPRESSED,
  SETTLING,
  COOLDOWN,
  BUDGET,
  MAINTENANCE,
  CONFLICT,
  APPROVAL,
  CORDONED_BY_OTHERS,
  /** The engine may be the one who is deaf. */
  SUSPECTS_ITSELF,
  /** What a breaker or a maintenance held back is released one by one. */
  RELEASING
}
