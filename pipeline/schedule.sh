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
# As soon as the machine is up: the streams of liquidations, and alerts when a cascade begins.
@reboot cd '$cron' && make record ARGS=--alarm$for_cron >> '$kept/record.log' 2>&1
END

# A unit as a person's own: what is below "From here on" is of the installed package, and a person has one target only.
# unit NAME [GOAL]
unit() {
    printf '\n# ~/.config/systemd/user/%s\n' "$1"
    command="/usr/bin/make ${2-}$for_unit" awk '
        /^# From here on/ { exit }
        /^(#|$|Documentation=)/ { next }
        /^WorkingDirectory=/ { $0 = "WorkingDirectory=" ENVIRON["folder"] }
        /^ExecStart=/ { $0 = "ExecStart=" ENVIRON["command"] }
        { sub(/multi-user/, "default"); print }' "$here/pipeline/systemd/$1"
}
export folder
echo
cat <<END
# systemd: save these five, then: systemctl --user enable --now perps-warehouse.timer perps-warehouse-daily.timer \\
#     perps-warehouse-record; and loginctl enable-linger, so that they run while nobody is logged in
END
unit perps-warehouse.service hourly
unit perps-warehouse.timer
unit perps-warehouse-daily.service daily
unit perps-warehouse-daily.timer
unit perps-warehouse-record.service "record ARGS=--alarm"
