#!/usr/bin/env bash
# Prints a setting as the programs read it: the environment, .env of the folder of data in which this runs, and
# pipeline/config.env. A blank value counts as unset. setting.sh NAME
set -u
name=$1
value=$(printenv "$name")
for file in .env "$(dirname "$0")/config.env"; do
    [ -z "$value" ] && [ -f "$file" ] || continue
    value=$(tr -d '\r' <"$file" | sed -nE "s/^[[:blank:]]*$name[[:blank:]]*=[[:blank:]]*(.*)$/\1/p" | tail -n 1 |
        sed -E 's/[[:blank:]]+$//')
done
printf '%s\n' "$value"
