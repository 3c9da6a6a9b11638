import Foundation
import PerpCore
import Testing

@testable import PipelineFiles

@Suite("Removing hour folders")
struct HourFoldersTests {
    private let temporary: TemporaryFolder
    private let folders: HourFolders

    init() throws {
        temporary = try TemporaryFolder()
        folders = HourFolders(root: "\(temporary.path)/raw")
    }

    private func put(_ path: String, _ text: String = "12345") throws {
        let content = ByteBuffer(Array(text.utf8))
        try content.withBytes { bytes throws(FileError) in
            try FileSystem.write(bytes, to: "\(folders.root)/\(path)")
        }
    }

    private func hour(_ text: String) -> Hour { Hour(text)! }  // only valid hours are written here

    @Test("an hour goes with all it holds, and its day when it was the last")
    func whole() throws {
        for path in ["2025-10-23/05/okx.ndjson.gz", "2025-10-23/05/failed/gate.ndjson.gz", "2025-10-23/05/run/1.json"] {
            try put(path)
        }
        try put("2025-10-23/06/okx.ndjson.gz")
        try put(".state/bans.json")
        #expect(try folders.hours(before: hour("2025-10-23T06")) == [hour("2025-10-23T05")])
        let removed = try folders.remove(hour("2025-10-23T05"))
        #expect(removed.files == 3)
        #expect(removed.bytes == 15)
        #expect(try FileSystem.names(in: "\(folders.root)/2025-10-23") == ["06"])
        _ = try folders.remove(hour("2025-10-23T06"))
        #expect(try FileSystem.names(in: folders.root) == [".state"])
    }

    @Test("what a killed removal left is finished, and is no hour")
    func killed() throws {
        try put("2025-10-23/.05.removed/run/1.json")
        try put("2025-10-23/06/okx.ndjson.gz")
        #expect(try folders.hours(before: hour("2025-10-24T00")) == [hour("2025-10-23T06")])
        try folders.finishRemovals(before: hour("2025-10-24T00"))
        #expect(try FileSystem.names(in: "\(folders.root)/2025-10-23") == ["06"])
    }

    @Test("files of others are named")
    func strangers() throws {
        for name in ["okx.ndjson.gz", ".okx.ndjson.gz.tmp", ".lock", "run/1.json", "notes.txt", "kraken.ndjson.gz"] {
            try put("2025-10-23/05/\(name)")
        }
        for name in ["failed/gate.ndjson.gz", "failed/notes.txt", "run/deep/1.json"] { try put("2025-10-23/05/\(name)") }
        #expect(
            try folders.strangers(in: hour("2025-10-23T05")) == [
                "kraken.ndjson.gz", "notes.txt", "failed/notes.txt", "run/deep",
            ])
    }

    @Test("an hour that is a link goes alone, a day that is one is not entered, and names of others are left")
    func linkedFolders() throws {
        let elsewhere = "\(temporary.path)/elsewhere"
        for path in ["05/okx.ndjson.gz", "okx.ndjson.gz"] {
            try FileSystem.write(ByteBuffer([1]), to: "\(elsewhere)/\(path)")
        }
        try put("2025-10-23/.mine.removed/notes.txt")
        try put("2025-10-23/06/okx.ndjson.gz")
        let files = FileManager.default
        for name in ["2025-10-23/05", "2025-10-23/.07.removed", "2025-10-22"] {
            try files.createSymbolicLink(atPath: "\(folders.root)/\(name)", withDestinationPath: elsewhere)
        }
        try folders.finishRemovals(before: hour("2025-10-24T00"))
        let hours = try folders.hours(before: hour("2025-10-24T00"))
        #expect(hours == [hour("2025-10-23T05"), hour("2025-10-23T06")])
        for hour in hours { _ = try folders.remove(hour) }
        #expect(try FileSystem.names(in: elsewhere) == ["05", "okx.ndjson.gz"])
        #expect(try FileSystem.names(in: "\(elsewhere)/05") == ["okx.ndjson.gz"])
        #expect(try FileSystem.names(in: "\(folders.root)/2025-10-23") == [".07.removed", ".mine.removed"])
    }

    @Test("a symbolic link is removed, and what it points to stays")
    func link() throws {
        try put("2025-10-22/05/okx.ndjson.gz")
        try FileSystem.makeFolder("\(folders.root)/2025-10-23/05")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folders.root)/2025-10-23/05/run", withDestinationPath: "\(folders.root)/2025-10-22/05")
        _ = try folders.remove(hour("2025-10-23T05"))
        #expect(FileSystem.exists("\(folders.root)/2025-10-22/05/okx.ndjson.gz"))
    }

    @Test("an archive that does not exist has no hours")
    func absent() throws {
        #expect(try HourFolders(root: "\(temporary.path)/none").hours(before: hour("2025-10-23T05")).isEmpty)
    }
}
