import ArgumentParser
import PerpCore
import PipelineFiles

/// Where the archive is.
public struct ArchiveFolders: ParsableArguments {
    @Option(help: "The folder of raw files.")
    var raw = "raw"

    @Option(help: "The folder of staged files.")
    var staged = "staged"

    /// Options that were not given: `raw` and `staged`.
    public init() {}

    /// The paths of both folders.
    public var paths: ArchivePaths { ArchivePaths(raw: raw, staged: staged) }
}

/// Where the archive is, and which of its exchanges are meant.
public struct ArchiveOptions: ParsableArguments {
    @OptionGroup var folders: ArchiveFolders

    @Option(name: .customLong("exchanges"), help: "Exchanges, separated by commas; all when left out.")
    var exchangeList: String?

    /// Options that were not given: `raw` and `staged`, all exchanges.
    public init() {}

    /// The paths of both folders.
    public var paths: ArchivePaths { folders.paths }

    /// Whether only some exchanges are meant.
    public var isLimited: Bool { exchangeList?.isEmpty == false }

    /// The exchanges that are meant, in their fixed order.
    /// - Throws: `ValidationError` when no exchange has one of the names.
    public func exchanges() throws -> [Exchange] {
        guard let exchangeList, !exchangeList.isEmpty else { return Exchange.allCases }
        return try Exchange.parse(list: exchangeList)
    }

    /// Checks the list of exchanges.
    /// - Throws: `ValidationError` when no exchange has one of the names.
    public func validate() throws { _ = try exchanges() }
}

/// One hour, or a span of hours.
public struct SpanOptions: ParsableArguments {
    /// The only hour, `--hour`; `nil` when it was not given.
    @Option(help: "One hour of UTC: 2025-10-23T15.", transform: Hour.argument)
    public var hour: Hour?

    /// The first hour, `--from`; `nil` when it was not given.
    @Option(help: "The first hour of a span.", transform: Hour.argument)
    public var from: Hour?

    /// The last hour, `--to`, included; `nil` when it was not given.
    @Option(help: "The last hour of a span, included.", transform: Hour.argument)
    public var to: Hour?

    /// Options that were not given: no hour.
    public init() {}

    /// Hours in twenty years.
    private static let longestSpan = 20 * 8766

    /// The hours that are meant; `nil` when none were given.
    public var hours: ClosedRange<Hour>? {
        if let hour { return hour...hour }
        guard let from, let to else { return nil }
        return from...to
    }

    /// Checks that the options fit together.
    /// - Throws: `ValidationError` for an hour with a span, half a span, a reversed span, or one of twenty years or
    ///   more.
    public func validate() throws {
        if hour != nil && (from != nil || to != nil) { throw ValidationError("give --hour, or --from and --to") }
        guard (from == nil) == (to == nil) else { throw ValidationError("--from and --to go together") }
        if let from, let to, to < from { throw ValidationError("--to is before --from") }
        guard let from, let to, from.distance(to: to) >= Self.longestSpan else { return }
        throw ValidationError("from \(from) to \(to) is more than twenty years: correct a year")
    }
}

/// How long a program waits for another one that is writing.
public struct LockOptions: ParsableArguments, Sendable {
    @Option(name: .customLong("wait"), help: "Seconds to wait for another run's lock before leaving with status 75.")
    var seconds = 0

    /// Options that were not given: no waiting.
    public init() {}

    /// How long to wait for a lock.
    public var patience: Duration { .seconds(seconds) }

    /// Checks the number of seconds.
    /// - Throws: `ValidationError` when it is not from 0 to 86400.
    public func validate() throws {
        guard (0...86_400).contains(seconds) else {
            throw ValidationError("--wait must be a number of seconds from 0 to 86400")
        }
    }
}
