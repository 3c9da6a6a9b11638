#!/usr/bin/env bash
# Prints how to run the pipeline from this checkout: crontab lines, or the systemd units of pipeline/systemd as a person's
# own.
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
folder=${here//\%/%%}
cat <<END
# crontab -e: two minutes past each hour; a run that still lasts makes the next one leave with status 75.
2 * * * * cd '$cron' && flock -n -E 75 warehouse/.hourly make hourly >> warehouse/hourly.log 2>&1
# Once a day: old hours go, a backup is written, the data is checked.
32 0 * * * cd '$cron' && make daily >> warehouse/daily.log 2>&1
END

# A unit as a person's own: what is below "From here on" is of the installed package.
unit() {
    printf '\n# ~/.config/systemd/user/%s\n' "$1"
    sed -e '/^# From here on/,$d' -e '/^Documentation=/d' -e '/^WorkingDirectory=/d' -e "/^ExecStart=/d" \
        -e '/^#/d' -e '/^$/d' "$here/pipeline/systemd/$1"
}
service() {
    unit "$1"
    printf 'WorkingDirectory=%s\nExecStart=%s\n' "$folder" "$2"
}
echo
echo "# systemd: save these four, then: systemctl --user enable --now perps-warehouse.timer perps-warehouse-daily.timer"
service perps-warehouse.service "/usr/bin/flock -n -E 75 warehouse/.hourly /usr/bin/make hourly"
unit perps-warehouse.timer
service perps-warehouse-daily.service "/usr/bin/make daily"
unit perps-warehouse-daily.timer
