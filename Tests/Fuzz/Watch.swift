import Foundation

/// Says which case was running when the program crashed or hung.
enum Watch {
    // Written by the main thread alone; the handlers only read.
    private nonisolated(unsafe) static var text: UnsafeMutablePointer<CChar> = .allocate(capacity: 256)
    private nonisolated(unsafe) static var generation: UInt64 = 0

    static func begin() {
        text.initialize(repeating: 0, count: 256)
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE] {
            signal(number) { number in
                Watch.tell()
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        let thread = Thread {
            var seen = (generation: UInt64(0), since: ContinuousClock.now)
            while true {
                Thread.sleep(forTimeInterval: 0.5)
                if generation != seen.generation || text[0] == 0 {
                    seen = (generation, .now)
                } else if ContinuousClock.now - seen.since > .seconds(20) {
                    tell()
                    exit(1)
                }
            }
        }
        thread.start()
    }

    static func note(_ target: String, _ number: UInt64) {
        generation &+= 1
        guard !target.isEmpty else { return text[0] = 0 }
        _ = "fuzz: died or hung at --target '\(target)' --case \(number)\n".withCString { strncpy(text, $0, 255) }
    }

    private static func tell() { _ = write(STDERR_FILENO, text, strlen(text)) }
}
