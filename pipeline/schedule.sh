#!/usr/bin/env bash
# Prints how to run the pipeline each hour from this checkout, a crontab line or a systemd timer, for the checkout itself
# or a folder of data: schedule.sh [DATA]
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
data=$(cd "${1:-$here}" && pwd)
case $here$data in
    *$'\n'* | *[\\\"\$]*)
        echo "schedule: neither cron nor systemd takes line ends, quotes, dollars or backslashes in '$here' or '$data'" >&2
        exit 64
        ;;
esac
mkdir -p "$data/warehouse" # for the lock and the log
# A quote ends a shell's word, cron makes a line end of %, and systemd a name of what follows it.
quote="'\\''"
in_cron() { local text=${1//\'/$quote}; printf '%s' "${text//%/\\%}"; }
cron=$(in_cron "$here") unit=${here//\%/%%}
place=warehouse for_cron='' for_unit=''
if [ "$data" != "$here" ]; then
    place=$data/warehouse for_cron=" DATA='$(in_cron "$data")'" for_unit=" \"DATA=${data//\%/%%}\""
fi
kept=$(in_cron "$place") lock=${place//\%/%%}/.hourly
cat <<END
# crontab -e: two minutes past each hour; a run that still lasts makes the next one leave with status 75.
2 * * * * cd '$cron' && flock -n -E 75 '$kept/.hourly' make hourly$for_cron >> '$kept/hourly.log' 2>&1
# Once a day: old hours go, a backup is written, the data is checked.
32 0 * * * cd '$cron' && make daily$for_cron >> '$kept/daily.log' 2>&1

# systemd: save as ~/.config/systemd/user/perps-warehouse.service
[Unit]
Description=Perps Warehouse, one hour
[Service]
Type=oneshot
WorkingDirectory=$unit
ExecStart=/usr/bin/flock -n -E 75 "$lock" /usr/bin/make hourly$for_unit
SuccessExitStatus=75

# and as ~/.config/systemd/user/perps-warehouse.timer, then: systemctl --user enable --now perps-warehouse.timer
[Unit]
Description=Perps Warehouse, each hour
[Timer]
OnCalendar=*-*-* *:02:00 UTC
Persistent=false
[Install]
WantedBy=timers.target

# The day's work in the same way: perps-warehouse-daily.service with ExecStart=/usr/bin/make daily$for_unit, and its timer with
# OnCalendar=*-*-* 00:32:00 UTC.
END
