import Foundation

/// How a program ended.
struct Ending {
    /// The exit status; 128 and the signal's number where one ended it.
    let status: Int32
    let output: String
    let errors: String
    let seconds: Double

    /// The last line of standard error that says something.
    var message: String { errors.split(separator: "\n").last.map(String.init) ?? "" }
}

/// A program that runs.
final class Running {
    private let process = Process()
    private let folder: String
    private let started = ContinuousClock.now
    private static let number = Counter()
    private let mark: Int

    /// - Parameter command: the path of the executable.
    init(_ command: String, _ arguments: [String], in folder: String, environment: [String: String]) throws {
        self.folder = folder
        mark = Self.number.next()
        process.executableURL = URL(filePath: command)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.file("\(folder)/.out\(mark)")
        process.standardError = try Self.file("\(folder)/.err\(mark)")
        try process.run()
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for the end; a program that takes longer than `limit` seconds is killed.
    func end(limit: Double = 60) -> Ending {
        while process.isRunning {
            if ContinuousClock.now - started > .seconds(limit) { signal(SIGKILL) }
            usleep(1000)
        }
        process.waitUntilExit()
        defer {
            for name in ["out", "err"] { unlink("\(folder)/.\(name)\(mark)") }
        }
        let isSignal = process.terminationReason == .uncaughtSignal
        return Ending(
            status: (isSignal ? 128 : 0) + process.terminationStatus, output: Files.text("\(folder)/.out\(mark)"),
            errors: Files.text("\(folder)/.err\(mark)"), seconds: (ContinuousClock.now - started) / .seconds(1))
    }

    private static func file(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else { throw Failure("\(path): cannot be written") }
        return file
    }
}

/// Numbers for names; used by the main thread alone.
final class Counter: @unchecked Sendable {  // see above
    private var last = 0

    func next() -> Int {
        last += 1
        return last
    }
}

/// Files and folders of the bench.
enum Files {
    static func make(_ folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func copy(_ source: String, to target: String) throws {
        if exists(target) { try FileManager.default.removeItem(atPath: target) }
        try FileManager.default.copyItem(atPath: source, toPath: target)
    }

    static func remove(_ path: String) throws {
        if exists(path) { try FileManager.default.removeItem(atPath: path) }
    }

    static func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

    static func write(_ data: Data, to path: String) throws { try data.write(to: URL(filePath: path)) }

    /// The content as text; empty where there is none.
    static func text(_ path: String) -> String {
        (try? bytes(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The files below a folder, by their paths in it, sorted.
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
