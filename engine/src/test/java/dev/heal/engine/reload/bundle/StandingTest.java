package dev.heal.engine.reload.bundle;

import static dev.heal.engine.reload.bundle.Fixtures.after;
import static dev.heal.engine.reload.bundle.Fixtures.bundle;
import static dev.heal.engine.reload.bundle.Fixtures.contents;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which bundle may follow which. */
class StandingTest {
  private static final Bundle ONE = bundle(1, contents("a.heal", "1"));
  private static final Bundle TWO = after(ONE, 2, contents("a.heal", "2"));
  private static final Bundle THREE = after(TWO, 3, contents("a.heal", "3"));
  private static final Bundle OTHER_THREE = after(TWO, 3, contents("a.heal", "3 of bob"));
  private static final Bundle OTHER_FOUR = after(TWO, 4, contents("a.heal", "4 of bob"));
  private static final Bundle FOUR = after(THREE, 4, contents("a.heal", "4"));

  private static Standing standing(Bundle inForce, Bundle highest, Bundle... withdrawn) {
    Set<Digest> digests = new java.util.HashSet<>();
    for (Bundle bundle : withdrawn) {
      digests.add(bundle.manifest().digest());
    }
    return new Standing(
        Optional.of("fleet"),
        Optional.of(inForce.manifest()),
        Optional.of(highest.manifest().asAncestor()),
        digests);
  }

  private static Optional<Refusal.Kind> refused(Standing standing, Bundle candidate) {
    return standing.refuses(candidate.manifest()).map(Refusal::kind);
  }

  @Test
  void aNewEngineTakesWhatItGets() {
    assertThat(refused(Standing.NEW, THREE)).isEmpty();
  }

  @Test
  void theNextRevisionIsTakenAndTheSameOneAgain() {
    assertThat(refused(standing(TWO, TWO), THREE)).isEmpty();
    assertThat(refused(standing(TWO, TWO), TWO)).isEmpty();
  }

  @Test
  void revisionsMayHaveBeenMissed() {
    assertThat(refused(standing(ONE, ONE), FOUR)).isEmpty();
  }

  @Test
  void anOlderRevisionIsRefused() {
    assertThat(refused(standing(THREE, THREE), TWO)).hasValue(Refusal.Kind.OLDER);
    assertThat(standing(THREE, THREE).refuses(ONE.manifest()).orElseThrow().text())
        .isEqualTo(
            ONE.manifest()
                + " is older than revision 3 ("
                + THREE.manifest().digest().brief()
                + "), which was in force");
  }

  @Test
  void anOlderRevisionIsRefusedAlsoWhenNothingIsInForce() {
    Standing started =
        new Standing(
            Optional.of("fleet"),
            Optional.empty(),
            Optional.of(THREE.manifest().asAncestor()),
            Set.of());

    assertThat(refused(started, TWO)).hasValue(Refusal.Kind.OLDER);
    assertThat(refused(started, THREE)).isEmpty();
    assertThat(refused(started, OTHER_THREE)).hasValue(Refusal.Kind.FORK);
  }

  @Test
  void theSecondOfTwoFromOneParentIsRefusedWithBothNamed() {
    Refusal refusal = standing(THREE, THREE).refuses(OTHER_FOUR.manifest()).orElseThrow();

    assertThat(refusal.kind()).isEqualTo(Refusal.Kind.FORK);
    assertThat(refusal.text())
        .isEqualTo(
            "%s and %s, which is in force, were both made from revision 2 (%s)"
                .formatted(
                    OTHER_FOUR.manifest(), THREE.manifest(), TWO.manifest().digest().brief()));
    assertThat(refused(standing(THREE, THREE), OTHER_THREE)).hasValue(Refusal.Kind.FORK);
  }

  @Test
  void whatWasMadeFromNothingDoesNotFollow() {
    Bundle fresh = bundle(9, contents("a.heal", "9"));

    assertThat(refused(standing(THREE, THREE), fresh)).hasValue(Refusal.Kind.FORK);
  }

  @Test
  void whatIsOlderThanAWholeHistoryCannotBeAskedAndIsTaken() {
    Bundle last = ONE;
    for (int revision = 2; revision <= 70; revision++) {
      last = after(last, revision, contents("a.heal", "" + revision));
    }

    assertThat(last.manifest().history()).hasSize(Limits.HISTORY);
    assertThat(refused(standing(ONE, ONE), last)).isEmpty();
  }

  @Test
  void whatWasRolledBackDoesNotComeBackByItself() {
    Standing back = standing(TWO, THREE, THREE);

    assertThat(refused(back, THREE)).hasValue(Refusal.Kind.OLDER);
    assertThat(refused(back, FOUR)).isEmpty();
    assertThat(refused(back, OTHER_FOUR)).isEmpty();
    assertThat(refused(back, OTHER_THREE)).hasValue(Refusal.Kind.FORK);
    assertThat(refused(back, TWO)).isEmpty();
  }

  @Test
  void anotherSetOfPoliciesIsRefused() {
    Bundle staging =
        Bundle.build(contents("a.heal", "x"), "staging", 99, Optional.of(THREE.manifest()));

    assertThat(refused(standing(THREE, THREE), staging)).hasValue(Refusal.Kind.OTHER_NAME);
    Standing named =
        new Standing(Optional.of("fleet"), Optional.empty(), Optional.empty(), Set.of());
    assertThat(refused(named, staging)).hasValue(Refusal.Kind.OTHER_NAME);
  }
}
