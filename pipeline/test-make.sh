#!/usr/bin/env bash
# The goals themselves: what they take, refuse, print and leave alone. In a temporary copy with the programs of this
# checkout; no network but loopback, and no build. test-make.sh
set -u
cd "$(dirname "$0")/.." || exit 74
here=$PWD
[ -x .build/release/report ] || { echo "test-make: nothing is built: make build" >&2; exit 69; }
# The environment of the caller does not reach the makes below.
unset MAKEFLAGS MAKEOVERRIDES MFLAGS MAKELEVEL HOUR FROM TO HOURS EXCHANGES EXCHANGE DRY_RUN FORCE PERPS_BASE_URL
export NO_COLOR=1 HEALTHCHECK_URL= HEALTHCHECK_URL_DAILY=

top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
copy="$top/it's 100%/perps"
mkdir -p "$copy/raw" "$copy/staged" "$copy/warehouse" "$top/bin"
cp -R -p Makefile Package.swift pipeline Sources Tests "$copy"
# Nothing here may build, or install what a build needs.
printf '#!/bin/sh\necho "swift ran: $*"\n' >"$top/bin/swift"
chmod +x "$top/bin/swift"
PATH=$top/bin:$PATH
cd "$copy" || exit 74

# As after a build.
built() { mkdir .build && ln -s "$here/.build/release" .build/release && touch .build/.built; }
built

passed=0 failed=0
pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); printf 'FAIL  %s\n%s\n' "$1" "$(sed 's/^/      /' <<<"$2" | head -n 12)"; }

# run COMMAND ...: its output, both streams, and its status.
run() { output=$("$@" 2>&1); status=$?; }
holds() { case $output in *"$1"*) true ;; *) false ;; esac; }

# refuses "what it says" GOAL ...: make ends with 2, in one line or two, and nothing ran.
refuses() {
    local says=$1
    shift
    run make "$@"
    [ $status = 2 ] && holds "$says" && ! holds "invalid option" && ! holds Usage && [ "$(wc -l <<<"$output")" -le 2 ] && pass ||
        fail "make $*: not refused with '$says' ($status)" "$output"
}
# runs "a part of the command" GOAL ...: what make would run.
runs() {
    local says=$1
    shift
    run make -n "$@"
    [ $status = 0 ] && holds "$says" && pass || fail "make -n $*: does not run '$says' ($status)" "$output"
}
# gives STATUS "what it says" COMMAND ...
gives() {
    local wanted=$1 says=$2
    shift 2
    run "$@"
    [ $status = "$wanted" ] && holds "$says" && pass || fail "$*: not $wanted with '$says' ($status)" "$output"
}
lacks() { if holds "$1"; then fail "'$1' was said" "$output"; else pass; fi; }

# 1  Variables
refuses "stats takes no EXCHANGES: it takes DATA HOUR FROM TO ARGS" stats EXCHANGES=okx
refuses "hourly takes no EXCHANGE_S: it takes DATA HOUR EXCHANGES" hourly EXCHANGE_S=okx
refuses "liquidations takes no EXCHANGES" liquidations EXCHANGES=okx
refuses "daily takes no FORCE" daily FORCE=1
refuses "lint takes no HOUR: it takes no variable" lint HOUR=2025-10-23T15
refuses "transform takes no FORCE" transform reprocess FORCE=1
refuses "help takes no FROMM" FROMM=2025-10-23T15
refuses "No rule to make target" houly HOUR=2025-10-23T15
span=(FROM=2025-10-22T00 TO=2025-10-22T05)
for goal in stats gaps check load reprocess transform forecasts; do
    runs '--from "2025-10-22T00" --to "2025-10-22T05"' $goal "${span[@]}"
    runs '--hour "2025-10-22T05"' $goal HOUR=2025-10-22T05
done
for goal in alerts report liquidations extract page; do runs '--hour "2025-10-22T05"' $goal HOUR=2025-10-22T05; done
runs '--replay "2025-10-22T00" "2025-10-22T05"' replay "${span[@]}"
runs 'backtest --from "2025-10-22T00" --to "2025-10-22T05" --strategies "breakout,5"' \
    backtest "${span[@]}" STRATEGIES=breakout,5
runs '--asset "ETH" --dry-run --wait 600' backtest ASSET=ETH DRY_RUN=1
runs "report export 'tickers' --from \"2025-10-22T00\" --to \"2025-10-22T05\" " export VIEW=tickers "${span[@]}"
runs '--format "json"' export VIEW=tickers FORMAT=json
runs 'maintain publish --folder "elsewhere"' publish FOLDER=elsewhere
refuses "name a view or table: make export VIEW=tickers" export
runs 'CHROMIUM="/opt/chromium" pipeline/test-page.sh ".build/release" ".demo" --shots pictures' \
    test-page CHROMIUM=/opt/chromium ARGS='--shots pictures'
gives 2 "test-page: there is no demo in '.demo': run 'make demo'" make test-page
mkdir -p .demo/warehouse && touch .demo/warehouse/market_history.db .demo/.demo-hours
gives 2 "test-page: there is no Chromium: sudo apt-get install chromium" make test-page CHROMIUM=nowhere
rm -r .demo
runs '--hours "12" --exchange "Gate.io"' liquidations HOURS=12 EXCHANGE=Gate.io
runs 'extract --liquidations --exchanges "Gate.io"' liquidations EXCHANGE=Gate.io ARGS=--live
runs "--jobs \"3\" --force" reprocess JOBS=3 FORCE=1
runs 'WORLD="nothing" COINS="3" EXCHANGES="" SEED="" pipeline/world.sh' world FOLDER=/tmp/no-world WORLD=nothing COINS=3
refuses "world takes no FROM: it takes FOLDER DAYS WORLD COINS EXCHANGES SEED" world FROM=2025-10-23T15
refuses "faults takes no RUNS: it takes FULL PARTS SEED KILLS ARGS" faults RUNS=3
gives 2 "'cut' is no part: world, injected, kills, cuts, pages, streams" make faults PARTS=cut
command -v python3 >/dev/null && gives 2 "0 passed, 1 failed" make faults PARTS=kills BIN=elsewhere
runs "retain --dry-run" retain RAW_DAYS=3 DRY_RUN=1
runs hourly.sh hourly TAKER_FEE_OKX=0 EXCHANGES=okx,bybit
run make -n alerts
lacks --hour
# Every goal that help lists is in the table, and the other way round.
run diff <(sed -n 's/^\([a-z-]*\):.*## .*/\1/p' Makefile pipeline/make/*.mk | sort) \
    <(sed -n 's/^takes\.\([a-z-]*\) .*/\1/p' pipeline/make/variables.mk | sort)
[ $status = 0 ] && pass || fail "the goals are not those of the table" "$output"
run make
for word in FORCE BACKUP OUTPUT EXCHANGE DRY_RUN HOURS RAW_DAYS DATA END NOW test-make; do
    grep -q "^  $word  *[a-z]*" <<<"$output" && pass || fail "help does not name $word" "$output"
done

refuses "DATA: there is no folder 'nowhere'" stats DATA=nowhere
refuses "there is no folder '.demo': make demo makes it" stats gaps DATA=.demo
refuses "lint takes no DATA" lint DATA=.
for name in 'a"b' 'a`b' 'a$$b' 'a\b'; do refuses "in its name is not taken" stats DATA="$name"; done
runs 'in.sh ".demo"' demo stats
DATA=nowhere NOW=never END=never runs 'in.sh "." ' stats

refuses "backfill takes no HOUR: it takes DATA FROM TO EXCHANGES ASSETS DATASETS CALLS PLAN" backfill HOUR=2025-10-23T15
refuses "daily takes no BACKFILL_CALLS" daily BACKFILL_CALLS=5
runs 'backfill --from "2025-10-20T00" --to "2025-10-21T00" --exchanges "okx" --assets "BTC"' \
    backfill FROM=2025-10-20T00 TO=2025-10-21T00 EXCHANGES=okx ASSETS=BTC
runs '--datasets "funding" --calls "9"' backfill DATASETS=funding CALLS=9
runs 'transform --history' backfill
runs 'load --history --wait 600' backfill
runs '--plan' backfill PLAN=1
lacks "load --history"

# 2  Hours
for goal in transform hourly load gaps stats check reprocess extract report alerts liquidations; do
    refuses "'junk' is not an hour of UTC such as 2025-10-23T15" $goal HOUR=junk
done
for goal in transform load gaps stats check reprocess replay backfill backtest; do
    refuses "'junk' is not an hour" $goal FROM=junk TO=2025-10-22T05
    refuses "'2025-10-21T01' is before '2025-10-21T05'" $goal FROM=2025-10-21T05 TO=2025-10-21T01
    refuses "FROM and TO go together" $goal TO=2025-10-21T01
    refuses "FROM and TO go together" $goal FROM=2025-10-21T01
done
refuses "give HOUR, or FROM and TO" load HOUR=2025-10-22T00 "${span[@]}"
refuses "'' is not an hour" load HOUR=
refuses "'2025-02-29T00' is not an hour" transform HOUR=2025-02-29T00
for hour in "2025-10-23 15" 2025-10-23T15 2025-10-23T15:00Z 2024-02-29T00; do gives 0 T pipeline/hours.sh "$hour" "$hour"; done
for hour in junk "" 2025-10-23T24 2025-13-01T00 1900-02-29T00; do
    gives 64 "is not an hour" pipeline/hours.sh "$hour" "$hour"
done
gives 64 "'2025-10-23' is a day; an hour is written 2025-10-23T15" pipeline/hours.sh 2025-10-23 2025-10-23
gives 64 "at most" pipeline/hours.sh 0001-01-01T00 9999-12-31T23
gives 0 2024-02-29T16 pipeline/hours.sh --before 8 2024-03-01T00
gives 64 "'junk' is not an hour" pipeline/hourly.sh .build/release . junk ""

# 3  JSON, of three simulated hours
.build/release/exchange-simulator --archive 2025-10-22T00 2025-10-22T02 --output raw >/dev/null 2>&1
hours=(FROM=2025-10-22T00 TO=2025-10-22T02)
gives 0 "" make transform "${hours[@]}"
gives 0 "loaded" make load "${hours[@]}"
gives 0 "" make transform "${hours[@]}" JOBS=2 EXCHANGES=okx
gives 2 "there is no raw file from 2020-01-01T00" make transform HOUR=2020-01-01T00
staged=staged/2025-10-22/01/okx.ndjson.gz
before=$(cksum <$staged)
rm $staged
gives 0 "" make $staged
[ "$(cksum <$staged)" = "$before" ] && pass || fail "a staged file as a target is another" "$(ls -l $staged)"
json() {
    command -v python3 >/dev/null || return 0
    output=$(make "$@" 2>/dev/null)
    python3 -m json.tool <<<"$output" >/dev/null 2>&1 && pass || fail "make $*: no JSON" "$output"
}
for goal in gaps stats check plan report doctor liquidations forecasts; do json $goal ARGS=--json; done
json replay "${hours[@]}" ARGS=--json
json backtest "${hours[@]}" DRY_RUN=1 ARGS=--json

# 4  The day
demo="raw/ holds simulated hours: 'make demo-clean DATA=.'"
touch raw/.demo
for goal in daily retain hourly extract schedule; do gives 2 "$demo" make $goal; done
printf '# a simulator\r\n PERPS_BASE_URL = http://127.0.0.1:9/{hour}/{exchange} \r\n' >.env
gives 0 "would" make daily DRY_RUN=1 RAW_DAYS=1
rm .env
export PERPS_BASE_URL=http://127.0.0.1:9/{hour}/{exchange}
gives 0 "would" make daily DRY_RUN=1 RAW_DAYS=1
[ -e raw/2025-10-22/01 ] && [ ! -e warehouse/backup ] && pass || fail "a dry run wrote" "$(ls raw warehouse)"
unset PERPS_BASE_URL
rm -f raw/.demo raw/.simulated
# Stand-ins: each counts its calls and ends as it is told to, by retain=74 or maintain_check=65.
mkdir stand-ins
for program in $(cat pipeline/programs); do
    cat >stand-ins/$program <<END
#!/bin/sh
echo "\$@" >>"$top/asked"
case \$1 in --*) name=$program ;; *) name=${program}_\$1 ;; esac
exit "\$(printenv "\$name" || echo 0)"
END
    chmod +x stand-ins/$program
done
day() {
    : >"$top/asked"
    run env "$@" pipeline/daily.sh stand-ins .
    status="$status, $(wc -l <"$top/asked" | tr -d ' ') steps"
}
for case in "74, 3 steps|maintain_backup=74" "74, 3 steps|maintain_backup=74 maintain_check=65" "65, 3 steps|maintain_check=65" \
    "74, 3 steps|maintain_backup=74 maintain_check=75" "75, 3 steps|maintain_check=75" "75, 3 steps|retain=75" \
    "74, 3 steps|maintain_backup=69 retain=74 maintain_check=65" "0, 3 steps|quiet=1" "130, 1 steps|maintain_backup=130"; do
    # shellcheck disable=SC2086 # words are settings
    day ${case#*|}
    [ "$status" = "${case%%|*}" ] && pass || fail "daily with ${case#*|}: $status" "$output"
done
# A stand-in for curl: what the day's monitor is told.
printf '#!/bin/sh\ncat >>"%s/told"\n' "$top" >"$top/bin/curl"
chmod +x "$top/bin/curl"
told() {
    : >"$top/told"
    day "$2" HEALTHCHECK_URL=https://hc.test/hour HEALTHCHECK_URL_DAILY=https://hc.test/day
    output=$(paste -sd ' ' "$top/told")
    [ "$output" = 'url = "https://hc.test/day/start" url = "https://hc.test/day'"$1\"" ] && pass || fail "daily with $2" "$output"
}
told /fail maintain_backup=74
told /fail retain=75
told "" quiet=1

# 5  What is built
touch -t 203001010000 Package.swift
run make -n hourly
lacks "swift build"
run make -n daily -W Package.swift
lacks "swift build"
runs "swift build -c release" stats
for goal in hourly daily; do
    gives 0 "built before the last change: make build when convenient" make $goal BIN=stand-ins
    lacks "swift ran"
done
gives 2 "there is no elsewhere/extract: make build" make hourly BIN=elsewhere
gives 2 "there is no elsewhere/extract: make build" make daily BIN=elsewhere

# 6  The schedule's line, as cron, for which a bare % ends it, and then sh read it
line() { make schedule "$@" | grep '^32 0' | cut -d' ' -f6- | sed 's/\\%/@/g; s/%/ENDS HERE/g; s/@/%/g'; }
gives 0 "$copy" sh -c "$(line | sed 's/&& make.*/\&\& pwd/')"
elsewhere="$top/50% of 'it'"
mkdir "$elsewhere"
gives 0 "" sh -c "$(line DATA="$elsewhere" | sed "s/ make daily / echo /")"
[ "$(cat "$elsewhere/warehouse/daily.log")" = "DATA=$elsewhere" ] && pass || fail "schedule DATA=" "$(line DATA="$elsewhere")"
gives 0 "ExecStart=/usr/bin/make record ARGS=--alarm \"DATA=$top/50%% of 'it'\"" make schedule DATA="$elsewhere"
lacks "multi-user"
mkdir -p "$top/back\\slash" && cp -R pipeline "$top/back\\slash"
gives 64 "schedule: " "$top/back\\slash/pipeline/schedule.sh"

# 7  A folder of data of its own, with its own settings
cp -R raw "$elsewhere" && touch "$elsewhere/raw/.simulated"
printf 'EXCHANGES=okx\r\nWAREHOUSE_DAYS=77\r\n' >"$elsewhere/.env"
gives 0 "" make transform "${hours[@]}" DATA="$elsewhere"
gives 0 "loaded 69 files" make load "${hours[@]}" DATA="$elsewhere"
gives 0 "every derived table is equal" make prove DATA="$elsewhere"
run make doctor DATA="$elsewhere"
for says in "EXCHANGES=okx (.env)" "WAREHOUSE_DAYS=77 (.env)" "RAW_DAYS=400 (pipeline/config.env)"; do
    holds "$says" && pass || fail "doctor DATA= without '$says'" "$output"
done
gives 2 "raw/ holds simulated hours" make retain DATA="$elsewhere"
gives 0 "" make clean BIN=nowhere DATA="$elsewhere"
[ -z "$(ls "$elsewhere/staged")" ] && [ -e "$elsewhere/warehouse/market_history.db" ] && [ -e $staged ] && pass ||
    fail "clean DATA= took more or less than staged files" "$(ls "$elsewhere"/*)"
[ ! -e .build ] && built && pass || fail "clean left the programs" "$(ls .build)"
gives 64 "data that is not the demo's" pipeline/demo.sh "$here/.build/release" "$elsewhere"
# An hour whose lines bear no mark is a real one.
mkdir "$elsewhere/raw/2025-10-22/03" && echo '{"exchange":"okx"}' | gzip -n >"$elsewhere/raw/2025-10-22/03/okx.ndjson.gz"
gives 2 "raw/2025-10-22/03/okx.ndjson.gz of '$elsewhere' is real: nothing was removed" make demo-clean DATA="$elsewhere"
[ -e "$elsewhere/raw/2025-10-22/00" ] && pass || fail "demo-clean removed hours" "$(ls -A "$elsewhere/raw")"
rm -r "$elsewhere/raw/2025-10-22/03"
if command -v sqlite3 >/dev/null; then
    origin() { sqlite3 "$elsewhere/warehouse/market_history.db" "UPDATE setting SET value = '$1' WHERE name = 'origin'"; }
    origin real
    gives 2 "market_history.db of '$elsewhere' is real: nothing was removed" make demo-clean DATA="$elsewhere"
    origin simulated
fi
gives 0 "" make demo-clean DATA="$elsewhere"
[ -z "$(ls "$elsewhere/raw")" ] && [ -e "$elsewhere/.env" ] && pass || fail "demo-clean DATA=" "$(ls -A "$elsewhere"/*)"

# 8  What is built, as before the clean
mkdir -p .build && ln -sfn "$here/.build/release" .build/release
touch Package.swift .build/.built
gives 0 " passed, 0 failed" make conformance
gives 0 " passed, 0 failed" make test-golden
sed -i.before 's/"last_price":64000.0/"last_price":1.0/' Tests/Golden/okx.ndjson
gives 2 '-{"record":"ticker","exchange":"okx"' make test-golden
holds " passed, 1 failed" && pass || fail "make test-golden: does not count what differs" "$output"
run make golden
mv Tests/Golden/okx.ndjson.before "$top/okx.ndjson"
cmp -s Tests/Golden/okx.ndjson "$top/okx.ndjson" && pass || fail "make golden: does not write the file again" "$output"

# 9  The front command of a package, with the programs of this checkout
mkdir "$top/home" && ln -s "$here/.build/release" "$top/home/bin" && ln -s "$copy/pipeline" "$top/home/pipeline"
python3 -B pipeline/packaging/commands.py "$here/.build/release" pipeline/programs 9.9.9 "$top/home" && echo 9.9.9 >"$top/home/version"
perps() { PERPS_HOME=$top/home PERPS_SETTINGS=$top/settings PERPS_DATA=${data-$top/it is/data} pipeline/packaging/perps "$@"; }
gives 0 "perps 9.9.9" perps --version
gives 0 "stats  " perps help
gives 0 "USAGE: report stats" perps help stats
gives 0 "USAGE: maintain backup" perps help backup
gives 0 "USAGE: doctor" perps help doctor
gives 64 "there is no command 'hourlyy'" perps hourlyy
[ ! -e "$top/it is" ] && pass || fail "help made a folder" "$top/it is"
gives 64 "'junk' is not an hour" perps hourly junk
gives 74 "there is no warehouse at" perps stats
gives 0 "$top/it is/data" perps data
printf 'PERPS_DATA=%s/from settings\r\n' "$top" >"$top/settings"
data= gives 0 "$top/from settings" perps data
data=raw gives 64 "PERPS_DATA is not an absolute path: 'raw'" perps stats
for name in extract retain report doctor maintain; do
    grep -q '^.SH SYNOPSIS' "$top/home/man/perps-$name.1" && pass || fail "no man page of $name" "$(ls "$top/home/man")"
done
gives 0 "" bash -n "$top/home/completions/perps.bash"
# By name: the newest version of a package may word its notice otherwise.
gives 0 complete python3 -B pipeline/packaging/notices.py --check
gives 0 "" pipeline/docs/pictures/make.sh --check

echo "$passed passed, $failed failed"
[ $failed = 0 ]
