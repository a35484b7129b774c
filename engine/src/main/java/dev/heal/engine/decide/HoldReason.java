package dev.heal.engine.decide;

/** Why a repair that is due does not begin. */
public enum HoldReason {
  BREAKER,
  SUPPRESSED,
  SETTLING,
  COOLDOWN,
  BUDGET,
  MAINTENANCE,
  CONFLICT,
  APPROVAL,
  CORDONED_BY_OTHERS
}
