#!/usr/bin/env bash
# All ways of disturbing the programs, one after the other, and one line of totals. PARTS chooses some of them (separated by
# commas), FULL=1 runs thousands, SEED decides all random choices. KILLS and ARGS are for the program faults. faults.sh BIN
set -u -o pipefail
bin=$1 parts=${PARTS:-world,injected,kills,cuts,pages,streams}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Each part: what it runs in a quick run, and in a full one.
# shellcheck disable=SC2034 # run() takes them by name
if [ -n "${FULL:-}" ]; then
    killed=600 seconds=900 injected=2300 kills=700 cuts=360 pages=90 streams=100
else
    killed=200 seconds=90 injected=65 kills=40 cuts=24 pages=5 streams=20
fi

# Why a part cannot run here; nothing where it can.
lacking() {
    [ "$1" = world ] && return
    command -v python3 >/dev/null || { echo "no python3"; return; }
    case $1 in injected | cuts) ;; *) return ;; esac
    [ "$(uname -s)" = Linux ] || { echo "not Linux"; return; }
    [ -n "${CC:-}" ] || command -v clang >/dev/null || command -v cc >/dev/null || echo "no C compiler"
}

run() {
    # shellcheck disable=SC2086 # ARGS are words
    case $1 in
    world) "$bin/faults" --bin "$bin" --kills "${KILLS:-$killed}" --seconds "$seconds" ${SEED:+--seed "$SEED"} ${ARGS:-} ;;
    *) "Tests/Injected/$1.py" --bin "$bin" --runs "${!1}" ${SEED:+--seed "$SEED"} ;;
    esac
}

for part in ${parts//,/ }; do
    case $part in world | injected | kills | cuts | pages | streams) ;; *)
        echo "faults: '$part' is no part: world, injected, kills, cuts, pages, streams" >&2
        exit 64 ;;
    esac
done

failed=0 skipped=()
for part in ${parts//,/ }; do
    why=$(lacking "$part")
    if [ -n "$why" ]; then
        echo "faults: $part is skipped: $why" >&2
        skipped+=("$part")
        continue
    fi
    echo "== $part"
    # The last line counts; a part that ends without it has failed as a whole.
    run "$part" | tee -a "$log" | awk '!/ passed, .* failed$/ { print; fflush() }'
    [ "${PIPESTATUS[0]}" = 0 ] || [ "$(tail -n 1 "$log" | grep -c '[1-9][0-9]* failed$')" = 1 ] || {
        echo "FAIL  $part ended before its end"
        failed=$((failed + 1))
    }
done

# sum PATTERN: of the numbers that the pattern's group holds.
sum() { sed -nE "s/$1/\\1/p" "$log" | awk '{ sum += $1 } END { print sum + 0 }'; }
all=$(($(sum '^([0-9]+) kills, .* equal$') + $(sum '^seed .* ([0-9]+) of them kills$') + $(sum '^seed .*: ([0-9]+) kills and .*')))
failed=$((failed + $(sum '^[0-9]+ passed, ([0-9]+) failed$')))
echo "== in all: $all kills, $(sum '^seed .* and ([0-9]+) terminations.*') terminations," \
    "$(sum '^seed .*: ([0-9]+) injected faults.*') injected faults, $(sum '^seed .*: ([0-9]+) power cuts$') power cuts," \
    "$(sum '^seed .*: ([0-9]+) damaged pages$') damaged pages${skipped:+; skipped: ${skipped[*]}}"
echo "$(sum '^([0-9]+) passed, [0-9]+ failed$') passed, $failed failed"
[ $failed = 0 ]
