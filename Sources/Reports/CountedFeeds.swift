import PerpCore
import Sealing
import Signals

/// Which of an exchange's two feeds counts in a period, how much the stream was heard, and what does not count.
struct CountedFeeds: Hashable, Sendable, Codable {
    /// Hours that count what REST states.
    var restHours: Int
    /// Hours that count what the stream states.
    var streamHours: Int
    /// Seconds of the period in which the stream was heard; `nil` without any file of the stream.
    var heardSeconds: Double?
    /// The same as a part of the period, 0 to 1.
    var heardShare: Double?
    /// Hours of which the other feed also states something, which is mostly the same events and does not count.
    var otherHours: Int
    /// Dollars that the other feed states of these hours; `nil` without any.
    var otherUSD: Double?

    /// - Parameters:
    ///   - rows: the hours of the period that have figures.
    ///   - feeds: what both feeds state of hours of the period, where a stream was recorded.
    init(_ rows: [LiquidationSummary], _ feeds: [Hour: LiquidationFeeds], periodHours: Int) {
        streamHours = rows.count { feeds[$0.hour]?.counted == .stream }
        restHours = rows.count - streamHours
        let heard = feeds.values.compactMap(\.heardMilliseconds)
        heardSeconds = heard.isEmpty ? nil : Double(heard.reduce(0, +)) / 1000
        heardShare = heardSeconds.map { $0 / Double(Int64(periodHours) * Hour.seconds) }
        let others = rows.compactMap { feeds[$0.hour]?.notCounted }
        otherHours = others.count
        otherUSD = others.isEmpty ? nil : others.reduce(0) { $0 + $1.longUSD + $1.shortUSD }
    }

    /// `stream, heard 3600 of 3600 s`; of several hours `stream 20 h, REST 4 h; stream heard 83.1% of 24 h`.
    func text(periodHours: Int) -> String {
        guard let heardSeconds, let heardShare else { return "REST; no stream recorded" }
        let isMixed = streamHours > 0 && restHours > 0
        let feed = isMixed ? "stream \(streamHours) h, REST \(restHours) h" : streamHours > 0 ? "stream" : "REST"
        let heard =
            periodHours == 1
            ? "\(Numbers.fixed(heardSeconds, 0)) of \(Hour.seconds) s"
            : "\(Numbers.percent(heardShare)) of \(periodHours) h"
        return feed + (restHours > 0 ? "; stream heard " : ", heard ") + heard
    }

    /// `REST $10.81M`, with its hours where the period has several; `nil` where only one feed states anything.
    func notCounted(periodHours: Int) -> String? {
        guard let otherUSD else { return nil }
        let other = restHours > 0 && streamHours > 0 ? "the other feed" : streamHours > 0 ? "REST" : "stream"
        return "\(other) \(Numbers.dollars(otherUSD, decimalsOfMillions: 2))"
            + (periodHours == 1 ? "" : " in \(otherHours) h")
    }
}

/// How the open interest of all enabled exchanges splits by how much of its liquidations is told in a period.
struct CoverageSplit: Hashable, Sendable, Codable {
    /// One exchange's part in the split.
    struct Part {
        /// Its name, as shown.
        var exchange: String
        /// How much of its liquidations the whole period shows.
        var coverageClass: LiquidationCoverage
        /// Dollars; 0 where nothing is known.
        var openInterestUSD: Double
    }

    /// Dollars of open interest on exchanges that tell of every liquidation, as events or as published totals.
    var completeUSD: Double
    /// Dollars on exchanges that tell of a part of them.
    var sampledUSD: Double
    /// Dollars on exchanges of which nothing is known.
    var noneUSD: Double
    /// The three as parts of their sum, 0 to 1.
    var completeShare: Double
    var sampledShare: Double
    var noneShare: Double
    /// The exchanges of which nothing is known.
    var without: [String]

    /// `nil` when no open interest is known.
    init?(_ parts: [Part]) {
        func sum(_ classes: Set<LiquidationCoverage>) -> Double {
            parts.filter { classes.contains($0.coverageClass) }.reduce(0) { $0 + $1.openInterestUSD }
        }
        (completeUSD, sampledUSD, noneUSD) = (sum([.complete, .aggregate]), sum([.sampled]), sum([.none]))
        let all = completeUSD + sampledUSD + noneUSD
        guard all > 0 else { return nil }
        (completeShare, sampledShare, noneShare) = (completeUSD / all, sampledUSD / all, noneUSD / all)
        without = parts.filter { $0.coverageClass == .none }.map(\.exchange)
    }

    /// `31.2% complete, 54.6% sampled, 14.2% none (HyperLiquid)`
    var text: String {
        let names = without.isEmpty ? "" : " (\(without.joined(separator: ", ")))"
        return "\(Numbers.percent(completeShare)) complete, \(Numbers.percent(sampledShare)) sampled, "
            + "\(Numbers.percent(noneShare)) none\(names)"
    }
}
