#!/usr/bin/env bash
# Refuses what is for real hours where raw/ holds simulated ones, unless a simulator is asked: no-demo.sh DATA
set -eu
tools=$(cd "$(dirname "$0")" && pwd)
cd "$1"
[ -e raw/.simulated ] || [ -e raw/.demo ] || exit 0
[ -z "$("$tools/setting.sh" PERPS_BASE_URL)" ] || exit 0
echo "raw/ holds simulated hours: 'make demo-clean DATA=$1' removes them; or give another folder as DATA" >&2
exit 64
