import ExchangeAdapters
import ExchangeClient
import PerpCore
import PipelineFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The calls of all processes to one exchange, in files below `raw/.calls/`, one for each limit.
public struct ScheduleFile: SharedSchedule {
    private let folder: String

    /// The calls to an exchange that processes with the same raw folder make.
    public init(_ exchange: Exchange, in paths: ArchivePaths) { folder = "\(paths.raw)/.calls/\(exchange.id)" }

    /// Changes the schedule of a limit while no other process does; `nil` when its file cannot be used.
    public func update<Result>(
        _ limit: RateLimit, now: Timestamp, _ change: (inout RateSchedule) -> Result
    ) -> Result? {
        guard (try? FileSystem.makeFolder(folder)) != nil else { return nil }  // then only this process's calls count
        let file = open("\(folder)/\(limit.name)", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { return nil }
        defer { close(file) }  // and with it the lock
        while flock(file, LOCK_EX) != 0 { guard errno == EINTR else { return nil } }
        var schedule = RateSchedule(limit, lines: text(of: file), now: now)
        let result = change(&schedule)
        // Cut short by a kill, the file is missing calls that were being booked, and no others.
        var lines = schedule.lines
        let isWritten = lines.withUTF8 { bytes in
            ftruncate(file, 0) == 0 && pwrite(file, bytes.baseAddress, bytes.count, 0) == bytes.count
        }
        return isWritten ? result : nil
    }

    private func text(of file: CInt) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = pread(file, &chunk, chunk.count, off_t(bytes.count)), count > 0 {
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
