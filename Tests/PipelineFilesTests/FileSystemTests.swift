import Foundation
import PerpCore
@testable import PipelineFiles
import Testing

@Suite("Files as whole units")
struct FileSystemTests {
    private func content(_ path: String) throws -> String {
        let buffer = ByteBuffer()
        try FileSystem.read(path, into: buffer)
        return buffer.text
    }

    @Test("a file appears with its folders, whole, and leaves no temporary name")
    func write() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/a/b/file.txt"
        try FileSystem.write(ByteBuffer(Array("one".utf8)), to: path)
        try FileSystem.write(ByteBuffer(Array("two".utf8)), to: path)
        #expect(try content(path) == "two")
        #expect(try FileSystem.names(in: "\(folder.path)/a/b") == ["file.txt"])
    }

    @Test("a killed writer's leftover is overwritten, however long it was")
    func leftover() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/file.txt"
        try Data("a long leftover of a writer that was killed".utf8).write(to: URL(filePath: FileSystem.temporaryName(of: path)))
        try FileSystem.write(ByteBuffer(Array("new".utf8)), to: path)
        #expect(try content(path) == "new")
        #expect(try FileSystem.names(in: folder.path) == ["file.txt"])
    }

    @Test("writers of one file take turns, and each reader sees one of them whole")
    func contention() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/file.txt"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let text = ByteBuffer(Array(repeating: UInt8(ascii: "a") + UInt8(writer), count: 50_000))
                    for _ in 0..<20 { try FileSystem.write(text, to: path, synced: false) }
                }
            }
            try await group.waitForAll()
        }
        let text = try content(path)
        #expect(text.count == 50_000 && Set(text).count == 1)
    }

    @Test("a writer that is stopped is waited for with a bound, and named")
    func stopped() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/.okx.tmp"
        let held = try FileSystem.openLocked(path)
        defer { close(held) }
        let error = try #require(throws: FileError.self) {
            _ = try FileSystem.openLocked(path, patience: .milliseconds(100))
        }
        #expect(error.isHeld && error.reason.contains("end that one"))
        #if os(Linux)
            #expect(error.reason.hasPrefix("process \(getpid()) "))
        #endif
    }

    @Test("raw files are real or simulated, as the first hour of the folder is")
    func origin() throws {
        let folder = try TemporaryFolder()
        let paths = ArchivePaths(raw: "\(folder.path)/raw")
        #expect(try paths.origin() == nil)
        try paths.claim(.simulated)
        #expect(try paths.origin() == .simulated)
        #expect(throws: FormatError.self) { try paths.claim(.real) }
        let real = ArchivePaths(raw: "\(folder.path)/real")
        try real.claim(.real)
        #expect(try real.origin() == nil)
        try FileSystem.makeFolder("\(real.raw)/2025-10-23")
        #expect(throws: FormatError.self) { try real.claim(.simulated) }
        // As the demo marked its hours before.
        try FileSystem.write(ByteBuffer([]), to: "\(real.raw)/.demo")
        #expect(try real.origin() == .simulated)
    }

    @Test("an error that the machine's owner can end says how")
    func advice() throws {
        let folder = try TemporaryFolder()
        try Data("mine".utf8).write(to: URL(filePath: "\(folder.path)/raw"))
        let error = #expect(throws: FileError.self) {
            try FileSystem.write(ByteBuffer(Array("new".utf8)), to: "\(folder.path)/raw/2025-10-23/okx.ndjson.gz")
        }
        #expect(error?.reason == "Not a directory: move away what stands in its place")
    }

    @Test("a file that cannot be made is an error that names it")
    func unwritable() {
        let error = #expect(throws: FileError.self) {
            try FileSystem.write(ByteBuffer(Array("x".utf8)), to: "/proc/nowhere/file")
        }
        #expect(error?.description.contains("/proc/nowhere") == true)
    }

    @Test("a lock is held by one, says by whom, and ends with its holder")
    func lock() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/.lock"
        var holder: Lock? = try Lock(path, purpose: "load")
        let error = #expect(throws: LockedError.self) { try Lock(path, purpose: "other") }
        #expect(error?.holder == "pid \(ProcessInfo.processInfo.processIdentifier), load")
        _ = holder
        holder = nil
        _ = try Lock(path, purpose: "next")
    }

    @Test("a patient program gets the lock when its holder ends")
    func patience() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/.lock"
        var holder: Lock? = try Lock(path, purpose: "retain")
        #expect(throws: LockedError.self) { try Lock(path, purpose: "load", patience: .milliseconds(1)) }
        let waiting = Task.detached { try Lock(path, purpose: "load", patience: .seconds(60)) }
        withExtendedLifetime(holder) {}
        holder = nil
        let lock = try await waiting.value
        #expect(Lock.holder(of: path)?.hasSuffix(", load") == true)
        withExtendedLifetime(lock) {}
    }

    @Test(
        "the path of a file names its exchange, hour and feed",
        arguments: [
            ("raw/2025-10-23/15/okx.stream.ndjson.gz", "okx 2025-10-23T15 stream"), ("raw/2025-10-23/15/okx.x.ndjson.gz", nil),
            ("raw/2025-10-23/15/okx.ndjson.gz", "okx 2025-10-23T15 live"), ("/x/staged/2025-10-23/05/dydx.ndjson.gz", "dydx 2025-10-23T05 live"),
            ("raw/2025-10-23/15/failed/okx.ndjson.gz", nil), ("raw/2025-10-23/15/mtgox.ndjson.gz", nil), ("okx.ndjson.gz", nil),
            ("raw/2025-10-23/24/okx.ndjson.gz", nil), ("raw/2025-10-23/15/.okx.ndjson.gz.tmp", nil),
        ])
    func paths(path: String, expected: String?) {
        #expect(ArchivePaths.parse(path).map { "\($0.exchange.id) \($0.hour) \($0.feed.rawValue)" } == expected)
    }
}
