#!/usr/bin/env bash
# Removes what the demo made in a folder: demo-clean.sh DATA. Real hours, and files that are not the demo's, stay.
set -eu
cd "$1" 2>/dev/null || exit 0
[ -e .demo-hours ] || [ -e raw/.simulated ] || [ -e raw/.demo ] || exit 0
rm -rf raw/.simulated raw/.demo raw/.state raw/2* staged/2* warehouse/market_history.db* .demo-hours
[ ! -L pipeline ] || rm pipeline
