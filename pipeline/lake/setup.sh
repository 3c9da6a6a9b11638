#!/usr/bin/env bash
# Makes the Python environment of the lake from PyPI, with pinned versions: setup.sh ENVIRONMENT. One that is as it should be
# stays.
set -eu
wanted=$(dirname "$0")/requirements.txt
environment=$1
if [ -x "$environment/bin/python" ] && cmp -s "$wanted" "$environment/requirements.txt"; then
    echo "setup-lake: $environment is there"
    exit
fi
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "setup-lake: Python 3.11 or later is needed" >&2; exit 69; }
rm -rf "$environment"
python3 -m venv "$environment"
"$environment/bin/python" -m pip -q --disable-pip-version-check install -r "$wanted" || { rm -rf "$environment"; exit 69; }
cp "$wanted" "$environment/requirements.txt"  # last: without it, the environment is not complete
echo "setup-lake: $(tr '\n' ' ' < "$wanted")in $environment"
