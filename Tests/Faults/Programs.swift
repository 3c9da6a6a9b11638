import Foundation
import Synchronization

/// How a program ended.
struct Ending {
    /// The exit status; 128 plus the number of the signal when a signal ended the program.
    let status: Int32
    let output: String
    let errors: String
    let seconds: Double
    /// The largest resident memory that was seen, in MiB; 0 where there is no `/proc`.
    let megabytes: Int

    /// The last line of standard error; empty when there is none.
    var message: String { errors.split(separator: "\n").last.map(String.init) ?? "" }
}

/// A program that has been started.
final class Running: @unchecked Sendable {  // its process may be asked and ended from any thread
    private let process = Process()
    private let captures: String
    private let started = ContinuousClock.now
    private static let number = NameCounter()

    /// - Parameter command: the path of the executable.
    init(_ command: String, _ arguments: [String], in folder: String, environment: [String: String]) throws {
        // Next to the folder and not in it, since the folder may be full or read-only.
        captures = "\(folder).run\(Self.number.next())"
        process.executableURL = URL(filePath: command)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.file("\(captures).out")
        process.standardError = try Self.file("\(captures).err")
        try process.run()
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for the end; a program that takes longer than `limit` seconds is killed.
    func end(limit: Double = 60) -> Ending {
        var kilobytes = 0
        while process.isRunning {
            kilobytes = max(kilobytes, memory)
            if ContinuousClock.now - started > .seconds(limit) { signal(SIGKILL) }
            usleep(2000)
        }
        process.waitUntilExit()
        defer {
            for name in ["out", "err"] { unlink("\(captures).\(name)") }
        }
        let isSignal = process.terminationReason == .uncaughtSignal
        return Ending(
            status: (isSignal ? 128 : 0) + process.terminationStatus, output: TestFiles.text("\(captures).out"),
            errors: TestFiles.text("\(captures).err"), seconds: (ContinuousClock.now - started) / .seconds(1),
            megabytes: kilobytes / 1024)
    }

    /// What the program has written to standard error so far.
    var errors: String { TestFiles.text("\(captures).err") }

    /// The largest resident memory so far, in KiB; 0 where there is no `/proc`.
    private var memory: Int {
        let line = TestFiles.text("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }

    private static func file(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else { throw FaultsFailure("\(path): cannot be written") }
        return file
    }
}

/// Counts up from 1, for unique names.
final class NameCounter: Sendable {
    private let last = Mutex(0)

    func next() -> Int {
        last.withLock { last in
            last += 1
            return last
        }
    }
}

/// Reads and writes the files of the tests.
enum TestFiles {
    static func make(_ folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func copy(_ source: String, to target: String) throws {
        if exists(target) { try FileManager.default.removeItem(atPath: target) }
        try FileManager.default.copyItem(atPath: source, toPath: target)
    }

    /// Copies the content of a folder into another folder that exists already.
    static func copyContent(of source: String, to target: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: source) {
            try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: "\(target)/\(name)")
        }
    }

    static func remove(_ path: String) throws {
        if exists(path) { try FileManager.default.removeItem(atPath: path) }
    }

    static func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

    static func write(_ data: Data, to path: String) throws { try data.write(to: URL(filePath: path)) }

    /// Overwrites the content of a file without replacing the file.
    static func write(inPlace text: String, to path: String) throws {
        guard let file = FileHandle(forWritingAtPath: path) else { throw FaultsFailure("\(path): cannot be written") }
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    /// The content as text; empty when the file cannot be read.
    static func text(_ path: String) -> String {
        (try? bytes(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The files in a folder and its subfolders: their paths relative to it, sorted.
    static func below(_ folder: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }
        .sorted()
    }
}
