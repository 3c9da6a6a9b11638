#!/usr/bin/env bash
# Prints how to run the pipeline each hour from this checkout: a crontab line, or a systemd timer.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
case $here in
    *$'\n'* | *\\*)
        echo "schedule: neither cron nor systemd takes the line ends or backslashes in '$here': move the checkout" >&2
        exit 64
        ;;
esac
# A quote ends a shell's word, cron makes a line end of %, and systemd a name of what follows it.
quote="'\\''"
cron=${here//\'/$quote}
cron=${cron//%/\\%}
unit=${here//\%/%%}
cat <<END
# crontab -e: two minutes past each hour; a run that still lasts makes the next one leave with status 75.
2 * * * * cd '$cron' && flock -n -E 75 warehouse/.hourly make hourly >> warehouse/hourly.log 2>&1
# Once a day: old hours go, a backup is written, the data is checked.
32 0 * * * cd '$cron' && make daily >> warehouse/daily.log 2>&1

# systemd: save as ~/.config/systemd/user/perps-warehouse.service
[Unit]
Description=Perps Warehouse, one hour
[Service]
Type=oneshot
WorkingDirectory=$unit
ExecStart=/usr/bin/flock -n -E 75 warehouse/.hourly /usr/bin/make hourly
SuccessExitStatus=75

# and as ~/.config/systemd/user/perps-warehouse.timer, then: systemctl --user enable --now perps-warehouse.timer
[Unit]
Description=Perps Warehouse, each hour
[Timer]
OnCalendar=*-*-* *:02:00 UTC
Persistent=false
[Install]
WantedBy=timers.target

# The day's work in the same way: perps-warehouse-daily.service with ExecStart=/usr/bin/make daily, and its timer with
# OnCalendar=*-*-* 00:32:00 UTC.
END
