#!/usr/bin/env bash
# csvkit 2.2.0 (agate 1.14.2): the coin SUN becomes the 7th of January of the year 1, the coin T becomes true, and one
# contract of open interest becomes true.
#
# One would expect names to stay names. csvkit guesses the type of each column from all its values, and a file about one
# coin has one name in that column. What parsedatetime knows as a day or month (SUN, MAY) is a date, what may stand for
# yes or no (T, Y, N) a boolean, and so is a column of numbers of which each is 0 or 1. So csvjson writes a date of the
# year 1 for a name and `true` for a count, csvsql makes DATE and BOOLEAN of them and csvstat gives no mean. It warns of
# nothing. With a second coin in the file all is right, and so it is with --no-inference.
# (Too eager dates were told of text with dates in it, github.com/wireservice/csvkit/issues/910, and mended for that.)
# A user of ours meets it who exports one coin (`make export`) and goes on with csvkit: both are perpetuals at large exchanges.
#
# Needs python3. Fails when this is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip -q --disable-pip-version-check install csvkit==2.2.0 agate==1.14.2 parsedatetime==2.6

tell() {
    printf 'asset,funding_rate,open_interest_contracts\n%s,1e-05,1\n%s,0.0001,0\n' "$1" "$2" | "$folder/env/bin/csvjson" --stream "${@:3}"
}

{
    tell SUN SUN
    tell T T
    tell SUN T
    tell SUN SUN --no-inference
} >"$folder/seen"
cat "$folder/seen"
diff - "$folder/seen" <<'S'
{"asset": "0001-01-07", "funding_rate": 1e-05, "open_interest_contracts": true}
{"asset": "0001-01-07", "funding_rate": 0.0001, "open_interest_contracts": false}
{"asset": true, "funding_rate": 1e-05, "open_interest_contracts": true}
{"asset": true, "funding_rate": 0.0001, "open_interest_contracts": false}
{"asset": "SUN", "funding_rate": 1e-05, "open_interest_contracts": true}
{"asset": "T", "funding_rate": 0.0001, "open_interest_contracts": false}
{"asset": "SUN", "funding_rate": "1e-05", "open_interest_contracts": "1"}
{"asset": "SUN", "funding_rate": "0.0001", "open_interest_contracts": "0"}
S
