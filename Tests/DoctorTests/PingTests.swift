import Foundation
import Testing

/// `pipeline/ping.sh` with a stand-in for curl that writes down what it is given.
@Suite("The healthcheck")
final class PingTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "perps-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }  // a leftover of a test harms nobody

    /// Runs the script; curl ends with `curlStatus`.
    private func ping(_ arguments: String, url: String, curlStatus: Int = 0) throws -> (
        status: Int32, asked: String?, arguments: String?
    ) {
        let curl = folder.appending(path: "curl")
        try """
        #!/bin/sh
        cat > '\(folder.path)/asked'
        echo "$*" > '\(folder.path)/arguments'
        exit \(curlStatus)
        """.write(to: curl, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: curl.path)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            [
                URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                    .appending(path: "../../pipeline/ping.sh").standardizedFileURL.path
            ] + arguments.split(separator: " ").map(String.init)
        process.environment = ["PATH": "\(folder.path):/usr/bin:/bin", "HEALTHCHECK_URL": url]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        func text(_ name: String) -> String? {
            try? String(contentsOf: folder.appending(path: name), encoding: .utf8)  // nothing was asked
        }
        return (process.terminationStatus, text("asked"), text("arguments"))
    }

    @Test(
        "a run tells of its start, and how it ended",
        arguments: [
            ("start", "https://hc.test/u", "https://hc.test/u/start"), ("end 0", "https://hc.test/u", "https://hc.test/u"),
            ("end 69", "https://hc.test/u", "https://hc.test/u/fail"),
            ("end 130", "https://hc.test/u/", "https://hc.test/u/fail"),
            ("end 74", "https://hc.test/u?status=up&msg=a/b", "https://hc.test/u/fail?status=up&msg=a/b"),
            ("end 0", "https://hc.test/u?status=up", "https://hc.test/u?status=up"),
        ])
    func asked(arguments: String, url: String, expected: String) throws {
        #expect(try ping(arguments, url: url).asked == "url = \"\(expected)\"\n")
    }

    @Test("a run that met another one says nothing: that one does")
    func locked() throws { #expect(try ping("end 75", url: "https://hc.test/u").asked == nil) }

    @Test("what happens there fails no run, takes bounded time, and the URL is in no list of processes")
    func failure() throws {
        let result = try ping("end 0", url: "https://hc.test/secret", curlStatus: 22)
        #expect(result.status == 0)
        #expect(result.arguments?.contains("-m 5") == true)
        #expect(result.arguments?.contains("secret") == false)
    }
}
