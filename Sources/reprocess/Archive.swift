import PerpCore
import PipelineFiles
import Warehouse

/// The raw files of an archive.
enum Archive {
    /// The raw files of a span of hours, in order; only the hours of the span are read.
    static func files(in hours: ClosedRange<Hour>, of exchanges: [Exchange], paths: ArchivePaths) -> [ExchangeHour] {
        hours.hours
            .flatMap { hour in
                exchanges.flatMap { exchange in Feed.ofHours.map { ExchangeHour(exchange, hour, $0) } }
            }
            .filter { FileSystem.exists(paths.rawFile($0.exchange, $0.hour, $0.feed)) }
    }

    /// The first and the last hour of the archive that has a folder; `nil` when it is empty.
    static func span(_ paths: ArchivePaths) throws -> ClosedRange<Hour>? {
        let days = try FileSystem.names(in: paths.raw).compactMap { CalendarDay($0) }.sorted()
        guard let first = days.first, let last = days.last else { return nil }
        return first.hour(0)...last.hour(23)
    }
}
