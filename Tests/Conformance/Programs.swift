import Foundation

/// The pipeline's executables, run as a user runs them.
struct Programs {
    let bin: URL
    /// The folder in which they run.
    let work: URL
    let environment: [String: String]

    /// - Parameter port: the port of the loopback server, for programs that make requests; nothing listens on port 0.
    init(bin: String, work: URL, port: UInt16 = 0) throws {
        self.bin = URL(filePath: bin).absoluteURL.standardizedFileURL
        self.work = work
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.lowercased().hasSuffix("_proxy") }
        environment["PERPS_BASE_URL"] = "http://127.0.0.1:\(port)/{hour}/{exchange}"
        environment["FOCUS_ASSETS"] = ServedPlan.focusAssets.joined(separator: ",")
        environment["OPTIONAL_ENDPOINTS"] = ""
        environment["EXCHANGES"] = ""
        environment["PACE"] = ""
        self.environment = environment
    }

    /// Runs a program to its end, and appends its output to `<work>/<name>.log`.
    func run(_ name: String, _ arguments: [String]) throws -> Int32 {
        let log = work.appending(path: "\(name).log")
        if !FileManager.default.fileExists(atPath: log.path) { _ = FileManager.default.createFile(atPath: log.path, contents: nil) }
        let output = try FileHandle(forWritingTo: log)
        defer { try? output.close() }  // a log that cannot be closed loses nothing
        try output.seekToEnd()
        try output.write(contentsOf: Data("\n\(name) \(arguments.joined(separator: " "))\n".utf8))
        let process = Process()
        process.executableURL = bin.appending(path: name)
        process.arguments = arguments
        process.currentDirectoryURL = work
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
