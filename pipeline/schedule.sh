#!/usr/bin/env bash
# Prints how to run the pipeline from this checkout, for the checkout itself or a folder of data: crontab lines, or the
# systemd units of pipeline/systemd as a person's own. schedule.sh [DATA]
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
cron=$(in_cron "$here") folder=${here//\%/%%}
place=warehouse for_cron='' for_unit=''
if [ "$data" != "$here" ]; then
    place=$data/warehouse for_cron=" DATA='$(in_cron "$data")'" for_unit=" \"DATA=${data//\%/%%}\""
fi
kept=$(in_cron "$place")
cat <<END
# crontab -e: two minutes past each hour. A run that still lasts keeps nothing from the next: they wait for each other
# only where both would write.
2 * * * * cd '$cron' && make hourly$for_cron >> '$kept/hourly.log' 2>&1
# Once a day: old hours go, a backup is written, the data is checked.
32 0 * * * cd '$cron' && make daily$for_cron >> '$kept/daily.log' 2>&1
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
service perps-warehouse.service "/usr/bin/make hourly$for_unit"
unit perps-warehouse.timer
service perps-warehouse-daily.service "/usr/bin/make daily$for_unit"
unit perps-warehouse-daily.timer
