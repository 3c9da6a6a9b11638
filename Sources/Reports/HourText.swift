import Forecasts
import PerpCore
import Sealing
import Signals

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension HourReport {
    /// The report as JSON, with keys in snake_case; what is unknown is left out.
    ///
    /// - Throws: `EncodingError` when a number is not finite.
    public func json() throws -> String {
        try JSONText.pretty(self, snakeCase: true)
    }

    /// The report for a terminal.
    public var text: String {
        TextLayout.banner("📊 MARKET REPORT \(heading)")
            + sections.map { TextLayout.section($0.title, $0.lines.map(\.printable)) }.joined()
    }

    /// The hour, the model that sees it, and how many exchanges told of it.
    var heading: String {
        "\(hour.spoken) UTC, model \(model), \(venuesReporting) of \(venuesEnabled) exchanges"
    }

    /// What is said, in all formats for people.
    var sections: [(title: String, lines: [String])] {
        [
            ("📈 Summary", summary.lines), ("💭 Sentiment", sentiment.lines),
            ("🧭 Trends and volatility", course?.lines ?? ["not known: nothing is stored of them"]),
            ("💰 Funding", funding.lines(of: model)),
        ] + intervalSection + forecastSection + [
            ("🏛  Structure", structure.lines),
            ("⚠️  Liquidations", liquidationLines),
            ("🎯 Strategies", strategyLines),
            (
                "📤 Alerts",
                alerts.isEmpty ? ["none"] : alerts.map { "\($0.key.printable) \($0.confidence)%: \($0.decision)" }
            ),
        ] + recordSection + [
            (
                "🔎 Anomalies",
                anomalies.isEmpty ? ["none"] : anomalies.map { "\($0.severity) \($0.kind): \($0.text)" }
            ),
            ("📡 Data Quality", quality.lines),
        ]
    }

    /// How many contracts are told of; JSON has all.
    private static let toldChanges = 8

    /// None, unless an interval changed.
    private var intervalSection: [(title: String, lines: [String])] {
        guard !intervalChanges.isEmpty else { return [] }
        let more = intervalChanges.count - Self.toldChanges
        let lines = intervalChanges.prefix(Self.toldChanges).map { "\($0.hour): \($0.text)" }
        return [("🔁 Funding intervals changed in the last day", lines + (more > 0 ? ["and \(more) more"] : []))]
    }

    /// None where the forecasts were not read.
    private var forecastSection: [(title: String, lines: [String])] {
        guard let forecasts else { return [] }
        let none = "none: no settlement of BTC or ETH is stored with an exchange's next one"
        return [("🔮 Funding forecast, per interval", forecasts.isEmpty ? [none] : forecasts.map(\.line))]
    }

    /// None where it was not read.
    private var recordSection: [(title: String, lines: [String])] {
        record.map { [("🧾 Record of alerts", $0.lines)] } ?? []
    }

    private var liquidationLines: [String] {
        (liquidations.isEmpty ? ["no exchange reports any"] : liquidations.map(\.line))
            + (liquidationVenues ?? []).compactMap(\.line)
            + (openInterestSplit.map { ["Open interest by coverage: \($0.text)"] } ?? [])
    }

    private var strategyLines: [String] {
        (firing.isEmpty ? ["none fires"] : firing.map { "fires: \($0.title), tier \($0.tier)" })
            + nearest.map { "near: \($0.title)" }
    }
}

private func percent(_ value: Double?, _ decimals: Int = 2) -> String {
    Numbers.known(value) { Numbers.signed($0, decimals) + "%" }
}

private func share(_ value: Double?) -> String { Numbers.known(value, Numbers.percent) }

extension HourReport.Summary {
    fileprivate var lines: [String] {
        [
            "Volume 24h: "
                + total(volumeUSD, reported: reportedVolumeUSD, carried: carriedVolumeUSD, absent: volumeAbsent)
                + " (in 24 h: \(change(volumeChange24h, without: volumeComparedWithout)))",
            "Open Interest: "
                + total(
                    openInterestUSD, reported: reportedOpenInterestUSD, carried: carriedOpenInterestUSD,
                    absent: openInterestAbsent)
                + " (in 24 h: \(change(openInterestChange24h, without: openInterestComparedWithout)))",
            "OI/Vol Ratio: \(Numbers.known(oiVolRatio) { Numbers.fixed($0, 2) + "x" })",
            "Price 24h: \(percent(priceChange)), markets: \(markets)",
        ]
    }
}

extension HourReport.Summary {
    /// A total with what stands in for absent exchanges; what was reported where nothing can; and who has been away
    /// for too long for either.
    private func total(_ value: Double?, reported: Double?, carried: Double?, absent: [String]) -> String {
        let names = absent.filter { !totalsWithout.contains($0) }.joined(separator: ", ")
        guard let value else {
            let rest = reported.map { "; \(Numbers.billions($0)) reported" } ?? ""
            return absent.isEmpty ? "n/a" : "n/a, \(absent.joined(separator: ", ")) absent\(rest)"
        }
        let gone = absent.filter(totalsWithout.contains).joined(separator: ", ")
        let text = Numbers.billions(value) + (gone.isEmpty ? "" : " without \(gone)")
        guard let carried else { return text }
        let age = carriedAgeHours.map { ", up to \($0) h old" } ?? ""
        return "\(text), of which \(Numbers.billions(carried)) of \(names) carried\(age)"
    }

    /// Like with like: over the exchanges that both hours have, or not at all.
    private func change(_ value: Double?, without: [String]) -> String {
        let names = without.joined(separator: ", ")
        guard let value else { return "n/a (\(notCompared ?? (without.isEmpty ? "not known" : "\(names) absent")))" }
        return percent(value) + (without.isEmpty ? "" : ", without \(names)")
    }
}

extension HourReport.Sentiment {
    fileprivate var lines: [String] {
        guard let composite, let label else { return ["insufficient data: no score"] }
        let dot = SentimentLabel.dot(label)
        return [
            "\(dot) \(label) (\(strength ?? "n/a")): \(Numbers.fixed(composite, 3)), confidence \(share(confidence))"
        ]
            + factors.map {
                "\($0.name): \(Numbers.known($0.score) { Numbers.fixed($0, 3) }), "
                    + "weight \(Numbers.fixed($0.weight, 2)), "
                    + "quality \(Numbers.known($0.quality) { Numbers.fixed($0, 2) })"
            }
    }
}

extension HourReport.Funding {
    /// The seed's market rate is the mean of rates per their own intervals, v2's is per eight hours.
    fileprivate func lines(of model: String) -> [String] {
        let period = model == SentimentModel.seedV1.rawValue ? "an interval" : "/ 8 h"
        let apart = Numbers.known(divergence) { Numbers.fixed($0, 4) + "%" }
        return ["Market: \(percent(rate, 4)) \(period), divergence \(apart)"]
            + venues.map {
                "\($0.exchange): \(percent($0.rate, 4)) / 8 h; BTC \(percent($0.btcRate8h, 4)) / 8 h, "
                    + "\(percent($0.btcAPR)) a year, "
                    + "every \(Numbers.known($0.btcIntervalHours) { Numbers.fixed($0, 0) }) h; "
                    + "coverage \(share($0.coverage))"
            }
            + spreads.map {
                "short \($0.short) / long \($0.long) \($0.asset.printable): net \(percent($0.netAPR)) a year \($0.costs.words), "
                    + "gross \(percent($0.grossAPR)), "
                    + "even after \(Numbers.known($0.breakEvenDays) { Numbers.fixed($0, 1) }) d, "
                    + "capacity \(Numbers.known($0.capacityUSD, Numbers.millions))"
            }
    }
}

extension HourReport.Forecast {
    /// `BTC Binance: +0.0061% at 16:00 in 1 h, every 8 h (+0.0050% to +0.0070%); shows +0.0065%, last +0.0100%; by model`.
    fileprivate var line: String {
        let range =
            if let low, let high { "\(percent(low, 4)) to \(percent(high, 4))" } else {
                "no range: needs \(Residuals.least) settled forecasts, has \(pastErrors)"
            }
        let changed = flags.contains(ForecastFlag.intervalChanged.rawValue) ? "; the interval has just changed" : ""
        return "\(asset) \(exchange): \(percent(rate, 4)) at \(settlesAt.dropFirst(11).prefix(5)) in \(leadHours) h, "
            + "every \(intervalHours) h (\(range)); shows \(percent(displayed, 4)), last \(percent(lastSettled, 4)); "
            + "by \(Self.words(method))\(changed)"
    }

    private static func words(_ method: String) -> String {
        switch ForecastMethod(rawValue: method) {
        case .displayed: "the exchange's own estimate"
        case .samples: "our samples of the premium"
        case .habit: "habit"
        case .last: "the last settlement"
        case .model, nil: method
        }
    }
}

extension HourReport.Funding.Spread {
    fileprivate var costs: TradeCosts { TradeCosts(shortFee: shortTakerFee, longFee: longTakerFee, holdDays: holdDays) }
}

extension HourReport.Structure {
    fileprivate var lines: [String] {
        shares.map { "\($0.exchange): \(share($0.share)) of volume" + ($0.style.map { ", " + $0 } ?? "") } + [
            "Top 3: \(Numbers.known(top3) { Numbers.fixed($0, 1) + "%" }), "
                + "HHI \(Numbers.known(hhi) { Numbers.fixed($0, 0) }) (\(concentration ?? "n/a")), "
                + "DEX \(Numbers.known(dexPercent) { Numbers.fixed($0, 1) + "%" })"
        ]
            + bases.map {
                "\($0.asset) basis: \(percent($0.median, 3)) (\(percent($0.smallest, 3)) to \(percent($0.largest, 3)), "
                    + "\($0.venues) exchanges): \($0.structure)"
            }
    }
}

extension HourReport.Liquidations {
    fileprivate var line: String {
        "\(windowHours) h: \(Phrases.floor(isFloor))\(Numbers.millions(totalUSD)) "
            + "(long \(Numbers.millions(longUSD)), short \(Numbers.millions(shortUSD))), "
            + VolumeShareText.reporting(volumeShare, exchanges: reportingExchanges, hours: windowHours)
            + ", "
            + "cascade \(Numbers.known(score) { Numbers.fixed($0, 2) }) \(level ?? "no evidence"), "
            + "seen through \(share(coverage)) of open interest"
    }
}

extension LiquidationReport.ExchangeLiquidations {
    /// One exchange's closed hour; `nil` when nothing is known of it.
    fileprivate var line: String? {
        guard let figures, let feeds else { return nil }
        let sides = zip([figures.longUSD, figures.shortUSD], [figures.longCount, figures.shortCount]).map {
            dollars, count in
            Numbers.dollars(dollars) + (count.map { " in \($0)" } ?? "")
        }
        let other = feeds.notCounted(periodHours: 1).map { "; not counted: \($0)" } ?? ""
        return "\(exchange): \(Phrases.floor(figures.isFloor))\(Numbers.dollars(figures.totalUSD)) "
            + "(long \(sides[0]), short \(sides[1])), \(truth), \(feeds.text(periodHours: 1))\(other)"
    }
}

extension HourReport.Quality {
    fileprivate var lines: [String] {
        let unknown = unknownExchanges > 0 ? ", share of \(unknownExchanges) exchanges unknown" : ""
        return [
            "Coverage: \(share(coverage)) of volume, \(share(openInterestCoverage)) of open interest\(unknown)",
            "Quality: \(share(quality)), values left out: \(findings)",
        ]
            + (flags.isEmpty ? [] : ["Flags: \(flags.joined(separator: ", "))"])
            + venues.map { "\($0.exchange): \($0.status)" + ($0.reason.map { " (\($0))" } ?? "") }
            + marketsWithoutDollars.map(\.line)
    }
}

extension HourReport.Quality.MarketsWithoutDollars {
    fileprivate var line: String {
        "\(exchange): \(markets) of \(ofMarkets) markets \(markets == 1 ? "has" : "have") no dollar value "
            + "(quoted in \(quotes.map(\.printable).joined(separator: ", ")))"
    }
}
