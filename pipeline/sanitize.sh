#!/usr/bin/env bash
# Sanitized builds of three programs: the address sanitizer watches hostile input in all readers (fuzz), the thread
# sanitizer an archive on four threads into a warehouse (reprocess), and files that are read beside loading (load).
# sanitize.sh BIN [SECONDS of fuzzing]
#
# The test suites are left out: they pull in the HTTP packages, whose sanitized build takes longer than all the rest.
# SQLite, simdjson, libdeflate and ISA-L are the system's own, which no sanitizer sees into.
set -eu
cd "$(dirname "$0")/.."
bin=$1 seconds=${2:-20}
# A report makes the program end with a failing status.
export ASAN_OPTIONS=detect_leaks=1 TSAN_OPTIONS=exitcode=66
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0

# Toolchains come without a sanitizer, and some kernels and containers refuse its memory layout.
works() {
    echo 'print("works")' >"$folder/probe.swift"
    swiftc -sanitize="$1" "$folder/probe.swift" -o "$folder/probe" >/dev/null 2>&1 && "$folder/probe" >/dev/null 2>&1
}

if works address; then
    echo "address sanitizer: fuzz"
    swift build -c debug --sanitize=address --product fuzz --scratch-path .build-asan
    .build-asan/debug/fuzz --seconds "$seconds"
    passed=$((passed + 1))
else
    echo "address sanitizer: does not run here, skipped"
fi

reprocess() {
    .build-tsan/debug/reprocess --raw "$folder/raw" --staged "$folder/staged" --jobs 4 \
        --warehouse "$folder/warehouse/market_history.db" "$@"
}

if works thread; then
    echo "thread sanitizer: reprocess and load"
    swift build -c debug --sanitize=thread --product reprocess --scratch-path .build-tsan
    "$bin/exchange-simulator" --archive 2025-10-22T22 2025-10-23T03 --output "$folder/raw"
    reprocess --from 2025-10-22T22 --to 2025-10-23T03
    reprocess
    reprocess --prove
    swift build -c debug --sanitize=thread --product load --scratch-path .build-tsan
    # A second time each file is looked at and none is read.
    for _ in 1 2; do
        .build-tsan/debug/load --from 2025-10-22T22 --to 2025-10-23T03 --raw "$folder/raw" --staged "$folder/staged" \
            --warehouse "$folder/loaded/market_history.db"
    done
    passed=$((passed + 1))
else
    echo "thread sanitizer: does not run here, skipped"
fi
echo "$passed passed, 0 failed"
