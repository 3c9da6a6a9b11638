#!/usr/bin/env bash
# Installs the package in fresh Debian systems, runs it there for a person and for its service, and removes it:
# test-deb.sh DEB BIN [bookworm trixie]. As root; takes each system from a Debian mirror (MIRROR), and an hour from the
# exchange simulator of BIN on loopback. What it mounts ends with it.
set -eu
if [ "${PERPS_TEST_MOUNTS:-}" != own ]; then
    [ "$(id -u)" = 0 ] || { echo "test-deb: wants root, for debootstrap and chroot" >&2; exit 69; }
    command -v debootstrap >/dev/null || { echo "test-deb: there is no debootstrap: apt-get install debootstrap" >&2; exit 69; }
    PERPS_TEST_MOUNTS=own exec unshare --mount "$0" "$@"
fi
deb=$(realpath "$1") bin=$(realpath "$2")
shift 2
[ $# -gt 0 ] || set -- bookworm trixie
mirror=${MIRROR:-http://deb.debian.org/debian}
work=$(mktemp -d)
simulator=
finish() {
    [ -z "$simulator" ] || kill "$simulator" 2>/dev/null || true
    for root in "$work"/*/proc; do umount "$root" 2>/dev/null || true; done
    rm -rf --one-file-system "$work"
}
trap finish EXIT
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
unset PERPS_DATA PERPS_BASE_URL

passed=0 failed=0
pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); printf 'FAIL  %s: %s\n%s\n' "$suite" "$1" "$(sed 's/^/      /' <<<"$2" | tail -n 15)"; }

# inside COMMAND ...: in the system, as root, with nothing of this one's environment. as USER COMMAND ...: as somebody.
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
as() {
    local user=$1
    shift
    inside runuser -u "$user" -- env HOME="$(inside getent passwd "$user" | cut -d: -f6)" PERPS_BASE_URL="$url" "$@"
}

# gives STATUS "what it says" COMMAND ...
gives() {
    local wanted=$1 says=$2 output status=0
    shift 2
    output=$("$@" 2>&1) || status=$?
    case "$status $output" in
        "$wanted "*"$says"*) pass ;;
        *) fail "$*: status $status, not $wanted with '$says'" "$output" ;;
    esac
}

make_system() {
    debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 74; }
    mount -t proc proc "$root/proc"
    # No service starts in a folder.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod +x "$root/usr/sbin/policy-rc.d"
    # What the test takes along, and the package does not have: an exchange.
    install -m 755 "$bin/exchange-simulator" -D "$root/opt/test/exchange-simulator"
    install -m 644 "$deb" "$root/opt/test/perps.deb"
}

install_package() {
    gives 0 "" inside apt-get update -qq
    gives 0 "systemctl enable --now perps-warehouse.timer" inside apt-get install -y --no-install-recommends /opt/test/perps.deb
    inside dpkg -L perps-warehouse >"$work/files"
    inside useradd --create-home person
    gives 0 "" inside sh -c 'ldd /usr/lib/perps-warehouse/bin/* | grep "not found" && exit 1 || exit 0'
    gives 0 "/usr/lib/perps-warehouse/bin/../lib/" inside sh -c 'ldd /usr/lib/perps-warehouse/bin/load | grep simdjson'
}

start_simulator() {
    rm -f "$root/tmp/ready"
    inside env LD_LIBRARY_PATH=/usr/lib/perps-warehouse/lib \
        /opt/test/exchange-simulator --port 0 --ready-file /tmp/ready >"$work/simulator" 2>&1 &
    simulator=$!
    for _ in $(seq 100); do [ -s "$root/tmp/ready" ] && break; sleep 0.1; done
    [ -s "$root/tmp/ready" ] || { fail "the simulator does not start" "$(cat "$work/simulator")"; return; }
    url="$(head -n 1 "$root/tmp/ready")/{hour}/{exchange}"
}

# What somebody does: the front command first, then an hour, and what it left.
use() {
    local user=$1 data=$2
    gives 0 "perps $version" as "$user" perps --version
    gives 0 "usage: perps COMMAND" as "$user" perps help
    gives 0 "USAGE: report stats" as "$user" perps help stats
    gives 0 "$data" as "$user" perps data
    gives 64 "there is no command 'hoourly'" as "$user" perps hoourly
    gives 0 "okx complete" as "$user" perps hourly 2025-10-23T15
    gives 0 "2025-10-23" as "$user" perps stats
    gives 0 "2025-10-23" as "$user" perps report hour
    gives 0 '"' as "$user" perps hour --json
    gives 0 "would" as "$user" perps retain --raw-days 1 --dry-run
    gives 0 "would" as "$user" perps daily --dry-run
    gives 0 "warehouse/backup/" as "$user" perps backup
    gives 64 "is not an hour" as "$user" perps hourly junk
    gives 69 "no migration is pending" as "$user" perps doctor
    [ -s "$root$data/raw/2025-10-23/15/okx.ndjson.gz" ] && [ -s "$root$data/warehouse/market_history.db" ] && pass ||
        fail "the data are not in $data" "$(ls -lR "$root$data" 2>&1 | head)"
}

use_settings() {
    sed -i 's/^#PERPS_DATA=.*/PERPS_DATA=\/srv\/elsewhere/' "$root/etc/perps-warehouse.conf"
    gives 0 /srv/elsewhere as person perps data
    gives 74 "cannot use the data folder '/srv/elsewhere'" as person perps stats
    gives 0 /home/person/other as person env PERPS_DATA=/home/person/other perps data
    gives 64 "is not an absolute path" as person env PERPS_DATA=other perps stats
    sed -i 's/^PERPS_DATA=.*/#PERPS_DATA=\/srv\/perps/' "$root/etc/perps-warehouse.conf"
}

look_at_papers() {
    gives 0 "" inside apt-get install -y -qq --no-install-recommends systemd man-db
    gives 0 "" inside sh -c 'set -- $(systemd-analyze verify /usr/lib/systemd/system/perps-warehouse*.* 2>&1); [ $# = 0 ] || { echo "$@"; exit 1; }'
    gives 0 "perpetual-futures" inside man perps
    gives 0 "--dry-run" inside man perps-retain
    gives 0 "perps" inside bash -c 'source /usr/share/bash-completion/completions/perps && complete -p perps'
    gives 0 "perps-warehouse ($version)" inside zcat /usr/share/doc/perps-warehouse/changelog.gz
    gives 0 "Apache License" inside zcat /usr/share/doc/perps-warehouse/NOTICES.gz
}

# Nothing is left but data: none of the package's files, and nothing elsewhere that has its name.
remove_package() {
    gives 0 "is kept" inside apt-get purge -y perps-warehouse
    local left
    left=$(while read -r path; do [ -d "$root$path" ] && [ ! -L "$root$path" ] || [ ! -e "$root$path" ] || echo "$path"; done <"$work/files"
        find "$root" -xdev \( -path "$root/proc" -o -path "$root/var/lib/perps-warehouse" -o -path "$root/var/cache/man" -o \
            -path "$root/home" \) -prune -o \
            -name '*perps*' ! -path "$root/opt/test/*" -print)
    [ -z "$left" ] && pass || fail "files are left" "$left"
    [ -s "$root/var/lib/perps-warehouse/warehouse/market_history.db" ] && pass || fail "data are gone" ""
    # Without data, the folder and the account go too.
    rm -rf "$root/var/lib/perps-warehouse"
    gives 0 "" inside apt-get install -y --no-install-recommends /opt/test/perps.deb
    gives 0 "" inside apt-get purge -y perps-warehouse
    gives 2 "" inside getent passwd perps-warehouse
    [ ! -e "$root/var/lib/perps-warehouse" ] && pass || fail "an empty folder is left" "$(ls -la "$root/var/lib/perps-warehouse")"
}

version=$(dpkg-deb -f "$deb" Version)
for suite in "$@"; do
    root=$work/$suite
    echo "$suite: making a system"
    make_system
    install_package
    echo "$suite: $(inside cat /etc/debian_version), $(inside ldd --version | head -n 1)"
    start_simulator
    use person /home/person/.local/share/perps-warehouse
    use perps-warehouse /var/lib/perps-warehouse
    use_settings
    look_at_papers
    kill "$simulator" && wait "$simulator" 2>/dev/null || true
    simulator=
    remove_package
    umount "$root/proc"
    rm -rf --one-file-system "$root"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
