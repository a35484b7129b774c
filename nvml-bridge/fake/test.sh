#!/usr/bin/env bash
# The self test of the fake. NVML_H=/path/nvml.h also compares our ABI with that header.
# SANITIZERS="address,undefined thread" runs the stories under these too; VALGRIND=yes under valgrind.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
compiler=${CC:-cc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset HEAL_FAKE_NVML

build_test() { # RESULT OPTION...
  local result=$1
  shift
  "$compiler" -std=gnu11 -O1 -g -Wall -Wextra -Werror -pthread "$@" -o "$result" "$here"/test/{main,harness,stories,events}.c -ldl
}

run() { # COMMAND... - shows what the fake said on stderr only when it fails
  if ! "$@" 2>"$work/said"; then
    tail -n 40 "$work/said" >&2
    echo "test.sh: failed: $*" >&2
    exit 1
  fi
}

if [ -n "${NVML_H:-}" ]; then
  "$compiler" -o "$work/ours" "$here/test/check-abi.c"
  "$compiler" -DREAL -DNVML_HEADER="\"$NVML_H\"" -o "$work/theirs" "$here/test/check-abi.c"
  "$work/ours" >"$work/ours.txt"
  "$work/theirs" >"$work/theirs.txt"
  run diff "$work/ours.txt" "$work/theirs.txt"
  echo "abi: $(wc -l <"$work/ours.txt") facts as in $(basename "$NVML_H")"
fi

"$here/build" "$work/out"
before=$(stat -c %Y.%i "$work"/out/*/libnvidia-ml.so.1)
"$here/build" "$work/out"
if [ "$before" != "$(stat -c %Y.%i "$work"/out/*/libnvidia-ml.so.1)" ]; then
  echo "test.sh: a second build did not leave the first alone" >&2
  exit 1
fi
if CC=no-such-compiler "$here/build" "$work/none" 2>"$work/said" || ! grep -q 'install gcc' "$work/said"; then
  echo "test.sh: a build without a compiler must fail and say what to install" >&2
  exit 1
fi

build_test "$work/test"
newest=$work/out/h100x8/libnvidia-ml.so.1
if nm -D --defined-only "$newest" | awk '$2 ~ /[TDB]/ {print $3}' | grep -v '^nvml\|^heal_fake_'; then
  echo "test.sh: the library shows names that are not NVML's" >&2
  exit 1
fi
run "$work/test" "$newest" shipped 8
run "$work/test" "$work/out/a100x8/libnvidia-ml.so.1" shipped 8
run "$work/test" "$work/out/old-driver/libnvidia-ml.so.1" old-driver
export HEAL_FAKE_NVML=$work/story.machine
run "$work/test" "$newest" stories
run "$work/test" "$newest" storm 3
run "$work/test" "$newest" garbage "${SEED:-1}"
HEAL_FAKE_NVML='' run "$work/test" "$newest" cycles

for sanitizer in ${SANITIZERS:-}; do
  CFLAGS="-g -fsanitize=$sanitizer -fno-sanitize-recover=all -Wl,-z,undefs" "$here/build" "$work/$sanitizer" h100x8
  build_test "$work/test-$sanitizer" "-fsanitize=$sanitizer"
  for story in stories "storm 5" "garbage ${SEED:-1}"; do
    echo "$sanitizer:"
    # shellcheck disable=SC2086 # a story may have a number
    run "$work/test-$sanitizer" "$work/$sanitizer/h100x8/libnvidia-ml.so.1" $story
  done
done

if [ "${VALGRIND:-no}" = yes ]; then
  for story in stories "storm 3"; do
    # shellcheck disable=SC2086
    run valgrind --quiet --error-exitcode=3 --leak-check=full --errors-for-leak-kinds=definite,indirect --fair-sched=yes \
      "$work/test" "$newest" $story
  done
fi
