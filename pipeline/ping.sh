#!/bin/sh
# Tells HEALTHCHECK_URL how a run goes: "ping.sh start" asks the URL with /start behind its path, "ping.sh end STATUS"
# the URL itself after a good run and /fail behind its path after another. "ping.sh --of NAME ..." tells the URL of
# another setting. Whatever happens here, the run goes on; it is held up by 5 seconds at most.
name=HEALTHCHECK_URL
[ "$1" != --of ] || { name=$2 && shift 2; }
url=$("$(dirname "$0")/setting.sh" "$name")
[ -n "$url" ] || exit 0

case "$1 ${2:-0}" in
    "start 0") what=/start ;;
    "end 0") what= ;;
    "end 75") exit 0 ;; # another run is at it, and tells how that one ends
    *) what=/fail ;;
esac
# A question mark begins what belongs behind the path.
path=${url%%\?*}
query=${url#"$path"}
# The URL is a secret: it comes from standard input, where no list of processes shows it.
printf 'url = "%s"\n' "${path%/}$what$query" |
    curl -fsS -m 5 -o /dev/null -K - 2>/dev/null ||
    echo "ping: $name did not take '$1': the run goes on" >&2
exit 0
