import ExchangeAdapters
import ExchangeClient
import Foundation
import PerpCore
import PipelineFiles
import Testing

@testable import ExchangeRuns

@Suite("Calls of several processes")
struct ScheduleFileTests {
    private let start = Timestamp(milliseconds: 1_795_000_000_000)
    private let limit = RateLimit("requests", limit: 2, windowSeconds: 10)

    private func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test("the calls of one process count for the other, until they have left the window")
    func shared() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = ArchivePaths(raw: folder.path)
        let (one, other) = (ScheduleFile(.okx, in: paths), ScheduleFile(.okx, in: paths))
        func book(_ file: ScheduleFile, _ now: Timestamp) -> Int64? {
            file.update(limit, now: now) { $0.book(weight: 1, notBefore: now) }?.milliseconds
        }
        #expect(book(one, start) == start.milliseconds)
        #expect(book(other, start) == start.milliseconds)
        // The window of 10 seconds is a tenth longer than stated.
        #expect(book(one, start) == start.milliseconds + 11_000)
        // Another exchange has calls of its own.
        #expect(book(ScheduleFile(.bybit, in: paths), start) == start.milliseconds)
        let later = start.advanced(byMilliseconds: 60_000)
        #expect(book(other, later) == later.milliseconds)
    }

    @Test("a damaged file, and times of another clock, are no calls")
    func damaged() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent(".calls/okx/requests")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let far = start.milliseconds + 365 * 86_400_000
        try Data("17950000\nnonsense x\n\(far) 2\n\(start.milliseconds - 1000) 1\n".utf8).write(to: file)
        let schedule = ScheduleFile(.okx, in: ArchivePaths(raw: folder.path))
        let booked = [1, 1].compactMap { weight in
            schedule.update(limit, now: start) { $0.book(weight: weight, notBefore: start) }?.milliseconds
        }
        // One call of a second ago counts: the second of these waits until it has left the window.
        #expect(booked == [start.milliseconds, start.milliseconds + 10_000])
    }

    @Test("calls survive a way through lines")
    func lines() {
        var schedule = RateSchedule(limit)
        for weight in [1, 2, 1] { _ = schedule.book(weight: weight, notBefore: start) }
        let again = RateSchedule(limit, lines: schedule.lines, now: start)
        #expect(again.lines == schedule.lines)
    }
}
