#!/usr/bin/env bash
# The hours from $1 to $2, both included: 2025-10-23T15, one a line. With --before N HOUR, the hour N before HOUR.
set -eu
seconds() { date -u -d "${1/T/ }:00" +%s 2>/dev/null || date -u -j -f '%Y-%m-%dT%H' "$1" +%s; }
hour() { date -u -d "@$1" +%Y-%m-%dT%H 2>/dev/null || date -u -r "$1" +%Y-%m-%dT%H; }
if [ "$1" = --before ]; then
    hour $(($(seconds "$3") - $2 * 3600))
    exit
fi
last=$(seconds "$2")
for ((at = $(seconds "$1"); at <= last; at += 3600)); do hour "$at"; done
