#!/usr/bin/env bash
# The hours from $1 to $2, both included: 2025-10-23T15, one a line. With --check, nothing is listed; with --before N
# HOUR, the hour N before HOUR. An hour is read as the programs read it: "2025-10-23 15" and 2025-10-23T15:00Z are
# 2025-10-23T15. Status 64 and one line on standard error for text that is not an hour, or not a span.
set -eu
export LC_ALL=C
most=100000 # hours, eleven years: a span beyond it has a wrong year

refuse() { echo "$*" >&2; exit 64; }
miss() {
    case $1 in
        [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]) refuse "'$1' is a day; an hour is written ${1}T15" ;;
        *) refuse "'$1' is not an hour of UTC such as 2025-10-23T15" ;;
    esac
}

# Hours since 0000-03-01T00, and back. Years begin in March here, so that the leap day is a year's last.
number() {
    local hour=${1%Z}
    hour=${hour/ /T}
    hour=${hour%:00} hour=${hour%:00}
    local shape='^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2})$'
    [[ $hour =~ $shape ]] || miss "$1"
    local month=$((10#${BASH_REMATCH[2]}))
    local year=$((10#${BASH_REMATCH[1]} - (month <= 2)))
    local days=$((365 * year + year / 4 - year / 100 + year / 400 + (153 * ((month + 9) % 12) + 2) / 5))
    local number=$(((days + 10#${BASH_REMATCH[3]} - 1) * 24 + 10#${BASH_REMATCH[4]}))
    # 30 February and hour 24 come back as another hour.
    [ "$(text $number)" = "$hour" ] || miss "$1"
    echo $number
}
text() {
    local days=$(($1 / 24))
    local day=$((days % 146097)) # of 400 years
    local year=$(((day - day / 1460 + day / 36524 - day / 146096) / 365))
    day=$((day - 365 * year - year / 4 + year / 100))
    local month=$(((5 * day + 2) / 153))
    day=$((day - (153 * month + 2) / 5 + 1))
    month=$((month < 10 ? month + 3 : month - 9))
    printf '%04d-%02d-%02dT%02d\n' $((days / 146097 * 400 + year + (month <= 2))) $month $day $(($1 % 24))
}

case $1 in
    --before)
        at=$(number "$3")
        text $((at - $2))
        exit
        ;;
    --check) list=false && shift ;;
    *) list=true ;;
esac
first=$(number "$1")
last=$(number "$2")
[ "$first" -le "$last" ] || refuse "'$2' is before '$1'"
! $list || [ $((last - first)) -lt $most ] || refuse "'$1' to '$2' is $((last - first + 1)) hours: $most at most"
! $list || for ((at = first; at <= last; at++)); do text "$at"; done
