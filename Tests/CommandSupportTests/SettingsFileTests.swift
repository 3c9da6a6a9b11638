import Foundation
import PipelineFiles
import Testing

@testable import CommandSupport

@Suite("Files of settings")
struct SettingsFileTests {
    /// Reads `.env` with these bytes.
    private func read(_ content: String) throws -> [String: String] { try read(Data(content.utf8)) }

    private func read(_ content: Data) throws -> [String: String] {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }  // nothing else looks at it
        try content.write(to: URL(fileURLWithPath: path))
        return try SettingsFile.read(path)
    }

    @Test("line ends of any system, comments, blank lines, spaces, and the last of two")
    func lines() throws {
        let content = "# one\r\nRAW_DAYS = 5\r\n\r\n  #two\nEMPTY=\nURL=https://a/b?c=d\r\nRAW_DAYS=6"
        #expect(try read(content) == ["RAW_DAYS": "6", "EMPTY": "", "URL": "https://a/b?c=d"])
        #expect(try SettingsFile.read("/no/such/file").isEmpty)
    }

    @Test(
        "a line that is no setting is refused by its number, without its text",
        arguments: [
            "RAW_DAYS=5\nexport TOKEN=hush", "RAW_DAYS=5\nhush", "\n=hush", "\nA B=hush", "\nTOKEN=hu\u{0}sh",
            "\nTOKEN=hu\rsh", "\nTOKEN=hush\u{1B}[0m",
        ])
    func refused(content: String) throws {
        let error = try #require(throws: FormatError.self) { try read(content) }
        #expect(error.line == 2)
        #expect(!"\(error)".contains("hush") && !"\(error)".contains("TOKEN"))
    }

    @Test("a byte order mark, bytes that are no text and a folder are refused")
    func noText() throws {
        #expect(throws: FormatError.self) { try read("\u{FEFF}RAW_DAYS=5") }
        #expect(throws: FormatError.self) { try read(Data([0x41, 0x3D, 0xFF, 0xFE])) }
        #expect(throws: FileError.self) { try SettingsFile.read(FileManager.default.temporaryDirectory.path) }
    }

    @Test(
        "a value is shown without secrets, on one line, and not at any length",
        arguments: [
            ("EXCHANGES", "okx,gate", "okx,gate"), ("DISCORD_WEBHOOK_URL", "anything", "***"),
            ("PERPS_BASE_URL", "http://me:hush@127.0.0.1:8900/{hour}/{exchange}", "http://***@127.0.0.1:8900/{hour}/{exchange}"),
            ("RAW_DAYS", "5\nTOKEN=hush", "5…"), ("EXCHANGES", "https://discord.com/api/webhooks/1/hush", "https://discord.com/***"),
            ("EXCHANGES", String(repeating: "x", count: 300), String(repeating: "x", count: 200) + "…"),
        ])
    func shown(name: String, value: String, shown: String) {
        #expect(Settings.shown(value, of: name) == shown)
    }
}
