import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Thrown when a fault cannot be created on this machine.
struct Skipped: Error {
    let reason: String
}

/// Creates small and read-only file systems: on Linux only, in a mount namespace that ends with this process.
enum Mounts {
    private static let mark = "FAULTS_MAY_MOUNT"

    /// Restarts this program in a mount namespace of its own, where it may mount; continues without one when the system
    /// refuses.
    static func enterNamespace() {
        #if os(Linux)
            guard ProcessInfo.processInfo.environment[mark] == nil else { return }
            let options = getuid() == 0 ? ["--mount"] : ["--mount", "--map-root-user"]
            guard (try? Self.run("unshare", options + ["true"])) != nil else { return }  // rows will say skipped
            setenv(mark, "1", 1)
            let words = ["unshare"] + options + ["/proc/\(getpid())/exe"] + CommandLine.arguments.dropFirst()
            var arguments = words.map { strdup($0) } + [nil]
            if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
                arguments[1 + options.count] = strdup(own)
            }
            execvp("unshare", &arguments)
            unsetenv(mark)
        #endif
    }

    static func small(at folder: String, megabytes: Int) throws {
        try mount(["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", folder])
    }

    static func makeReadOnly(_ folder: String) throws {
        try mount(["--bind", folder, folder])
        try mount(["-o", "remount,bind,ro", folder])
    }

    static func remove(_ folder: String) throws { try run("umount", ["-l", folder]) }

    private static func mount(_ arguments: [String]) throws {
        guard ProcessInfo.processInfo.environment[mark] != nil else {
            throw Skipped(reason: "mounting is not allowed here")
        }
        try run("mount", arguments)
    }

    private static func run(_ command: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [command] + arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Skipped(reason: "\(command) is refused here") }
    }
}
