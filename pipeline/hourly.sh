#!/usr/bin/env bash
# One hour: hourly.sh BIN DATA HOUR NOW [--exchanges okx,bybit]. Each program skips what is already done, so a second run
# does nothing; what the day before left undone (a machine that went off, a lock that was held) is done as well. Whatever
# comes of it, the doctor then looks at the fields, writes METRICS_FILE and says what wants attention, and
# HEALTHCHECK_URL is told. NOW is what the clock shows where a simulator is asked, 2025-10-23T15:02:00Z, or blank.
set -u
. "$(dirname "$0")/data.sh"
enter "$1" "$2" || exit
data=$2 hour=$3 now=$4
shift 4
since=$("$tools/hours.sh" --before 23 "$hour") || exit 64
worst=0

# A bad file (65) costs that file, and an hour in which no exchange responded (69) costs that hour: the next program takes
# what is there.
step() {
    echo "${1##*/} ${*:2}"
    "$@"
    local status=$?
    [ $status = 0 ] || worst=$status
    case $status in 0 | 65 | 69) ;; *) exit $status ;; esac
}

# What can wait for the next hour fails nothing of this one.
later() {
    "$@" || echo "hourly: ${1##*/} goes on in the next hour" >&2
}

finish() {
    "$bin/doctor" ${now:+--now "$now"} | awk '/^(WARN|ERROR)/; { last = $0 } END { print last }'
    "$tools/ping.sh" end "$1"
}

"$tools/ping.sh" start
trap 'finish $?' EXIT
step "$bin/extract" --hour "$hour" ${now:+--now "$now"} "$@"
step "$bin/transform" --from "$since" --to "$hour" "$@"
step "$bin/load" --from "$since" --to "$hour" "$@" --wait 600
[ $worst != 69 ] || exit 69
step "$bin/alert" --hour "$hour" ${now:+--now "$now"} --wait 600
step "$bin/report" hour --hour "$hour"
later "$bin/page" --hour "$hour" --every 6 --data "$data"

# Then a few calls for hours that nobody recorded, what is lost first before all else.
calls=$("$tools/setting.sh" BACKFILL_CALLS)
if [ "${calls:-0}" != 0 ]; then
    files=$(later "$bin/backfill" --calls "$calls" ${now:+--now "$now"} "$@")
    if [ -n "$files" ]; then
        later "$bin/transform" - <<<"$files"
        later "$bin/load" - --wait 600 <<<"$(sed 's,^raw/,staged/,' <<<"$files")"
    fi
fi
exit $worst
