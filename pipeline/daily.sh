#!/usr/bin/env bash
# A day's work: daily.sh BIN DATA [--dry-run]. A backup, retain and check each run whatever came of the one before: a
# full disk fails the backup, and retain makes room. The worst status ends it, and HEALTHCHECK_URL_DAILY is told. A dry
# run says what would be removed and what is wrong, writes nothing and tells nobody.
set -u
. "$(dirname "$0")/data.sh"
enter "$1" "$2" || exit
dry=${3:-}
worst=0

# A lock that was held (75) is the mildest failure. What a signal ended ends the rest as well.
rank() { case $1 in 0) echo 0 ;; 75) echo 1 ;; *) echo $(($1 + 1)) ;; esac; }

step() {
    echo "${1##*/} ${*:2}"
    "$@"
    local status=$?
    [ $status -lt 128 ] || exit $status
    [ "$(rank $status)" -le "$(rank $worst)" ] || worst=$status
}

# No other run tells how this day went: a held lock is a failure here.
finish() { "$tools/ping.sh" --of HEALTHCHECK_URL_DAILY end $(($1 == 75 ? 69 : $1)); }

if [ -z "$dry" ]; then
    "$tools/ping.sh" --of HEALTHCHECK_URL_DAILY start
    trap 'finish $?' EXIT
    step "$tools/backups.sh" "$bin" 7
fi
# What an hour left unfinished of the past: files that a killed run wrote and did not load.
if [ -z "$dry" ] && [ -d raw/history ]; then
    step "$bin/transform" --history
    step "$bin/load" --history --wait 600
fi
step "$bin/retain" --wait 600 ${dry:+"$dry"}
step "$bin/maintain" check ${dry:+"$dry"}
exit $worst
