#!/usr/bin/env bash
# The hours from $1 to $2, both included: 2025-10-23T15, one a line. With --before N HOUR, the hour N before HOUR. An
# hour is read as the programs read it: "2025-10-23 15" and 2025-10-23T15:00Z are 2025-10-23T15.
set -eu
seconds() {
    local hour=${1%Z}
    hour=${hour/ /T}
    hour=${hour%:00} hour=${hour%:00}
    [[ $hour == ????-??-??T?? ]] || { echo "'$1' is not an hour of UTC such as 2025-10-23T15" >&2; return 64; }
    date -u -d "${hour/T/ }:00" +%s 2>/dev/null || date -u -j -f '%Y-%m-%dT%H' "$hour" +%s
}
hour() { date -u -d "@$1" +%Y-%m-%dT%H 2>/dev/null || date -u -r "$1" +%Y-%m-%dT%H; }
if [ "$1" = --before ]; then
    at=$(seconds "$3")
    hour $((at - $2 * 3600))
    exit
fi
first=$(seconds "$1")
last=$(seconds "$2")
for ((at = first; at <= last; at += 3600)); do hour "$at"; done
