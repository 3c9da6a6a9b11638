import ArgumentParser
import PerpCore
import PipelineFiles

/// Where the archive is, and which venues of it are meant.
public struct ArchiveOptions: ParsableArguments {
    @Option(help: "The folder of raw files.")
    public var raw = "raw"

    @Option(help: "The folder of staged files.")
    public var staged = "staged"

    @Option(name: .customLong("exchanges"), help: "Exchanges, separated by commas; all when left out.")
    var exchangeList: String?

    public init() {}

    public var paths: ArchivePaths { ArchivePaths(raw: raw, staged: staged) }

    /// Whether some venues only are meant.
    public var isLimited: Bool { exchangeList?.isEmpty == false }

    /// The venues in their fixed order.
    public func exchanges() throws -> [Exchange] {
        guard let exchangeList, !exchangeList.isEmpty else { return Exchange.allCases }
        return try Exchange.parse(list: exchangeList)
    }

    public func validate() throws { _ = try exchanges() }
}

/// One hour, or a span of hours.
public struct SpanOptions: ParsableArguments {
    @Option(help: "One hour of UTC: 2025-10-23T15.", transform: Hour.argument)
    public var hour: Hour?

    @Option(help: "The first hour of a span.", transform: Hour.argument)
    public var from: Hour?

    @Option(help: "The last hour of a span, included.", transform: Hour.argument)
    public var to: Hour?

    public init() {}

    private static let longestSpan = 20 * 8766

    /// The hours meant; `nil` when none are named.
    public var hours: ClosedRange<Hour>? {
        if let hour { return hour...hour }
        guard let from, let to else { return nil }
        return from...to
    }

    public func validate() throws {
        if hour != nil && (from != nil || to != nil) { throw ValidationError("give --hour, or --from and --to") }
        guard (from == nil) == (to == nil) else { throw ValidationError("--from and --to go together") }
        if let from, let to, to < from { throw ValidationError("--to is before --from") }
        guard let from, let to, from.distance(to: to) >= Self.longestSpan else { return }
        throw ValidationError("from \(from) to \(to) is more than twenty years: correct a year")
    }
}

/// How patient a program is with another one that is writing.
public struct LockOptions: ParsableArguments, Sendable {
    @Option(name: .customLong("wait"), help: "Seconds to wait for another run's lock before leaving with status 75.")
    var seconds = 0

    public init() {}

    public var patience: Duration { .seconds(seconds) }

    public func validate() throws {
        guard (0...86_400).contains(seconds) else {
            throw ValidationError("--wait is a number of seconds from 0 to 86400")
        }
    }
}
