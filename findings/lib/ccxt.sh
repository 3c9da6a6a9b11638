# shellcheck shell=bash disable=SC2154
# Sourced by the findings about ccxt: $python has ccxt in a temporary folder, and the module ccxt_offline beside this file.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
python=$folder/venv/bin/python
"$python" -m pip -q --disable-pip-version-check install ccxt==4.5.90
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=findings/lib

# Prints what was $seen, and fails where it is not what was seen before.
same_as() {
    diff - <(printf '%s\n' "$seen") >"$folder/difference" || {
        echo "$0: not as it was: < then, > now" >&2
        cat "$folder/difference" >&2
        exit 1
    }
    printf '%s\n' "$seen"
}
