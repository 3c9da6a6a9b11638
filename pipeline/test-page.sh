#!/usr/bin/env bash
# The pages in a real browser: test-page.sh BIN DATA [ARGUMENT ...]. Chromium is the system's; packages come from PyPI, into
# .build/browser, once for each list of them. Not a part of CI.
set -eu
cd "$(dirname "$0")/.."
bin=$1 data=$2
shift 2
[ -f "$data/warehouse/market_history.db" ] && [ -f "$data/.demo-hours" ] || {
    echo "test-page: there is no demo in '$data': run 'make demo'" >&2
    exit 66
}
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$chromium" ] && [ -x "$chromium" ] || {
    echo "test-page: there is no Chromium: sudo apt-get install chromium, or name one: CHROMIUM=/path/to/chromium" >&2
    exit 69
}
python3 -c 'import venv, ensurepip' 2>/dev/null || {
    echo "test-page: Python has no venv: sudo apt-get install python3-venv" >&2
    exit 69
}

packages=Tests/Browser/requirements.txt environment=.build/browser
if ! cmp -s "$packages" "$environment/installed.txt"; then
    echo "test-page: installing packages into $environment"
    rm -rf "$environment"
    python3 -m venv "$environment"
    "$environment/bin/python" -m pip -q --disable-pip-version-check install -r "$packages"
    cp "$packages" "$environment/installed.txt"
fi
export PYTHONDONTWRITEBYTECODE=1
exec "$environment/bin/python" Tests/Browser/browser.py --bin "$bin" --data "$data" --chromium "$chromium" "$@"
