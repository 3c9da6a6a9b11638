#!/usr/bin/env bash
# Swift 6.3.1 on Linux with glibc 2.36: a main actor leaves the main thread at its first pause, and its memory then costs a
# system call a page.
#
# One would expect @MainActor code of an asynchronous `main` to run on the process's main thread, as on macOS, and a pause to
# change nothing of what allocating costs. On Linux the main thread goes to sleep for good at the first `await` that pauses;
# from then on the main actor runs on threads of libdispatch, and `Thread.isMainThread` is false on it. There glibc serves
# `malloc` from an arena of a thread, which makes its memory usable by `mprotect` page after page, where the main thread's
# grows by `brk` in steps of 132 KB.
# A user of ours meets it who profiles a program or watches its threads: the one with the process's number sleeps while the
# work is done elsewhere, and thousands of calls of `mprotect` stand in the trace. The asynchronous `main` of the argument
# parser pauses before it calls `run`, so that programs of ours which wait for nothing (`load`, `reprocess`, `retain`, `doctor`,
# `report`) are not asynchronous.
#
# Seen:
#   on the main thread: before true, after a pause false
#   a million small pieces before: brk 624, mprotect 29
#   a million small pieces after a pause: brk 3, mprotect 20453
#
# Needs Swift 6.3 on Debian 12 (amd64). Fails when this is no longer so.
set -eu
swiftc --version 2>&1 | grep -q 'Swift version 6\.3' || { echo "this is about Swift 6.3" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download strace=6.1-0.1 libunwind8=1.6.2-3
for package in ./*.deb; do dpkg -x "$package" .; done
strace() { LD_LIBRARY_PATH="$folder/usr/lib/x86_64-linux-gnu" "$folder/usr/bin/strace" "$@"; }

cat > main.swift <<'SWIFT'
import Foundation

final class Piece { var bytes: (Int, Int, Int, Int, Int, Int) = (1, 2, 3, 4, 5, 6) }  // 64 bytes with its header

@MainActor func fill() -> [Piece] {
    var pieces: [Piece] = []
    pieces.reserveCapacity(1 << 20)
    for _ in 0..<(1 << 20) { pieces.append(Piece()) }
    return pieces
}

if CommandLine.arguments.contains("pause") { await Task.yield() }
print(Thread.isMainThread)
print(fill().count)
SWIFT
swiftc -O main.swift -o program

# Prints whether it ran on the main thread, and how often brk and mprotect were called.
count() {
    strace -f -qq -e trace=brk,mprotect -o trace ./program "$@" | head -n 1
    grep -c 'brk(' trace
    grep -c 'mprotect(' trace
}
{ read -r main; read -r brk; read -r mprotect; } < <(count)
{ read -r main_after; read -r brk_after; read -r mprotect_after; } < <(count pause)
echo "on the main thread: before $main, after a pause $main_after"
echo "a million small pieces before: brk $brk, mprotect $mprotect"
echo "a million small pieces after a pause: brk $brk_after, mprotect $mprotect_after"
[ "$main" = true ] && [ "$main_after" = false ]
[ "$brk" -gt 400 ] && [ "$mprotect" -lt 100 ]
[ "$brk_after" -lt 100 ] && [ "$mprotect_after" -gt 10000 ]
