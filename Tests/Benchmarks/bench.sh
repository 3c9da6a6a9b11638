#!/usr/bin/env bash
# Raw to warehouse, ours against the Python peer, alternating on one simulated archive of full size. The peer's rows and
# sums are compared with ours before a time is printed.
set -eu
cd "$(dirname "$0")/../.."
bin=.build/release work=.build/bench days=${DAYS:-2} rounds=${ROUNDS:-3}
mkdir -p "$work"
[ -d "$work/raw-$days" ] ||
    "$bin/exchange-simulator" --archive 2025-06-01 --days "$days" --size full --output "$work/raw-$days"
[ -d "$work/venv" ] || { python3 -m venv "$work/venv" && "$work/venv/bin/pip" install -q orjson; }

seconds() { local start=$EPOCHREALTIME; "$@" >"$work/said" 2>&1; echo "$start $EPOCHREALTIME" | awk '{print $2 - $1}'; }
ours() { rm -rf "$work/a"; seconds "$bin/reprocess" --raw "$work/raw-$days" --staged "$work/a/staged" \
    --warehouse "$work/a/m.db" --jobs "${1:-2}"; }
peer() { rm -rf "$work/b"; mkdir "$work/b"; seconds "$work/venv/bin/python" Tests/Benchmarks/peers/python_peer.py \
    --raw "$work/raw-$days" --staged "$work/b/staged" --warehouse "$work/b/m.db" \
    --migrations pipeline/sql/migrations --jobs 2; }
sums() { sqlite3 "$1" 'SELECT count(*), sum(volume_usd_24h), sum(open_interest_usd), count(funding_rate) FROM ticker'; }
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

: >"$work/two" && : >"$work/one" && : >"$work/python"
for _ in $(seq "$rounds"); do
    ours 2 >>"$work/two"
    ours 1 >>"$work/one"
    peer >>"$work/python"
done
[ "$(sums "$work/a/m.db")" = "$(sums "$work/b/m.db")" ] || { echo "bench: the peer's rows are not ours" >&2; exit 65; }

two=$(median <"$work/two") one=$(median <"$work/one") python=$(median <"$work/python")
awk -v two="$two" -v one="$one" -v python="$python" -v days="$days" 'BEGIN {
    printf "raw to warehouse, %d days of the full market, medians\n", days
    printf "%-28s %6.2f s\n%-28s %6.2f s\n%-28s %6.2f s\n", "ours, two jobs", two, "ours, one job", one, "Python, two processes", python
    printf "%-28s %6.2f\n", "Python / ours, two jobs", python / two }'
printf '{"days":%s,"ours_two_jobs_s":%s,"ours_one_job_s":%s,"python_s":%s}\n' "$days" "$two" "$one" "$python" \
    >"$work/result.json"
