#!/usr/bin/env bash
# A checked copy of the warehouse of this folder beside the last ones, of which so many stay: backups.sh BIN [7].
set -eu
bin=$1 keep=${2:-7}
"$bin/maintain" backup
# Names hold the time of the copy, so that their order is that of time.
ls -1r warehouse/backup/market_history-*Z.db | tail -n "+$((keep + 1))" | while read -r old; do
    rm -- "$old"
    echo "$old: removed, $keep later ones are kept"
done
