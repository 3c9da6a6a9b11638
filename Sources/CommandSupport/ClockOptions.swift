import ArgumentParser
import PerpCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The time of the clock, which is read here and passed down.
public struct ClockOptions: ParsableArguments, Sendable {
    @Option(help: "What the clock shows: 2025-10-23T15:04:05Z, 2025-10-23T15, or milliseconds after the epoch.")
    var now: String?

    /// Options that were not given: the system's clock.
    public init() {}

    /// Whether a time was given.
    public var isSet: Bool { now != nil }

    /// The time that was given, or else the time now.
    public var time: Timestamp { now.flatMap(Self.parse) ?? Self.systemTime }

    /// The time now, by the clock of this machine.
    public static var systemTime: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

    /// Checks the given time.
    /// - Throws: `ValidationError` when it is not a time.
    public func validate() throws {
        if let now, Self.parse(now) == nil { throw ValidationError("--now is not a time: '\(now)'") }
    }

    private static func parse(_ text: String) -> Timestamp? {
        Timestamp(iso8601: text) ?? Hour(argument: text)?.startTime ?? Int64(text).map(Timestamp.init(milliseconds:))
    }
}
