#!/usr/bin/env bash
# Installs what the build needs beside Swift, and says what before it does. Says the exact command where it may not install.
# setup.sh --check installs nothing: it says what is missing.
set -eu
check=${1:-}

# libsqlite3-dev: the warehouse. libsimdjson-dev: bulk JSON. libdeflate-dev: gzip, several times as fast as zlib.
# libisal-dev: packs staged files in 40 % of libdeflate's time. libssl-dev: SHA-256, for which a package would compile a
# second BoringSSL. zlib1g-dev: the HTTP packages. The rest: what Swift itself links with, certificates, HEALTHCHECK_URL,
# and a shell for the warehouse.
packages=(libsqlite3-dev libsimdjson-dev libdeflate-dev libisal-dev libssl-dev zlib1g-dev pkg-config libstdc++-12-dev libc6-dev
    binutils git make ca-certificates curl sqlite3)

if command -v apt-get >/dev/null; then
    missing=()
    for package in "${packages[@]}"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && exit 0
    if [ "$check" = --check ]; then
        echo "setup: these packages are missing: ${missing[*]}: run make setup" >&2
        exit 69
    fi
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    if ! "${as_root[@]}" true 2>/dev/null; then
        echo "setup: these packages are missing; run: sudo apt-get install ${missing[*]}" >&2
        exit 69
    fi
    echo "setup: installing ${missing[*]}"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${missing[@]}" >/dev/null
elif command -v brew >/dev/null; then
    packages=(simdjson libdeflate isa-l sqlite pkg-config)
    brew list "${packages[@]}" >/dev/null 2>&1 && exit 0
    if [ "$check" = --check ]; then
        echo "setup: some of these packages are missing: ${packages[*]}: run make setup" >&2
        exit 69
    fi
    brew install "${packages[@]}"
else
    echo "setup: neither apt-get nor brew is here; install simdjson, libdeflate, isa-l, sqlite3 and zlib with their headers" >&2
    exit 69
fi
