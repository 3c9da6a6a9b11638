import Charts
import PerpCore

/// The page that a reader opens first: the market at one hour.
public struct MarketPage {
    let frame: SiteFrame
    let rows: MarketRows

    /// The page of an hour.
    public init(_ frame: SiteFrame, _ rows: MarketRows) { (self.frame, self.rows) = (frame, rows) }

    /// The file.
    public var page: SitePage {
        SitePage(
            .market,
            Page(
                title: "Market", asOf: frame.hour.startTime, navigation: frame.navigation(.market), notices: notices,
                keyFigures: keyFigures,
                sections: [
                    .init("Sentiment", figures: [gauge, scores]),
                    .init("Trend and regime", figures: [trends, volatility, volatilityEvents].compactMap { $0 }),
                    .init("Funding", figures: [fundingMap, settledMap, clocks, fundingTable].compactMap { $0 }),
                    .init("Open interest", figures: [openInterest, openInterestChanges].compactMap { $0 }),
                    .init("Volume", figures: [shares, concentration].compactMap { $0 }),
                    .init("Liquidations", figures: [liquidations].compactMap { $0 }),
                    .init("Spreads", figures: [fundingSpreads(of: .coins), priceSpreads(of: .coins)]),
                    .init("Premium and basis", figures: [premiums, bases].compactMap { $0 }),
                    .init("Movers", figures: [movers]),
                    .init("Alerts and anomalies", figures: [alerts, anomalies]),
                    .init(
                        "Other classes", note: "Stocks, commodities, indices and currencies are in no figure above.",
                        figures: [classes, fundingSpreads(of: .others), priceSpreads(of: .others)]),
                ].filter { !$0.figures.isEmpty }, hasFunding: true))
    }

    var market: StoredRow? { rows.market.rows.first }

    /// The origin of a figure.
    /// - Parameter exchanges: how many are in it; `nil` for those of the market's row.
    func origin(_ source: String, unit: String = Provenance.unitsInHeads, exchanges: Int? = nil) -> Provenance {
        Provenance(
            asOf: frame.hour.startTime, exchanges: exchanges ?? market?.integer("exchanges_count").map(Int.init),
            exchangesExpected: rows.expected, unit: unit, source: source)
    }

    /// How many exchanges have a row.
    func count(_ answer: [StoredRow], _ name: String = "exchange_id") -> Int {
        Set(answer.compactMap { $0.text(name) }).count
    }

    // MARK: - First of all

    private var notices: [String] {
        let absent = rows.exchanges.rows.filter { $0.text("status") == "failed" }.map { row in
            let since = row.hour("absent_since").map { " since \($0.spoken)" } ?? ""
            return
                "\(row.text("exchange") ?? "") is missing\(since): \(row.text("reason") ?? row.text("cause") ?? "not known")."
        }
        let partial = rows.exchanges.rows.filter { $0.text("status") == "partial" }.map {
            "\($0.text("exchange") ?? "") is there in part: \($0.text("reason") ?? "not known")."
        }
        let silent = rows.silences.rows.map { row in
            let share = (row.number("covered_ms") ?? 0) / 3_600_000
            return
                "The stream of \(row.text("exchange") ?? "") was heard for \(Numbers.percent(share)) of the hour before"
                + "\(row.text("reason").map { ": \($0)" } ?? "").  Its liquidations are a lower bound."
        }
        return absent + partial + silent.map { $0.replacing("  ", with: " ") }
    }

    /// `21 of 23 exchanges, ` where some are missing, so that a total of fewer is not taken for a fall.
    private var present: String {
        guard let count = market?.integer("exchanges_count"), let expected = rows.expected, count < expected else {
            return ""
        }
        return "\(count) of \(expected) exchanges, "
    }

    private var keyFigures: [Page.KeyFigure] {
        func change(_ name: String) -> String {
            present + (market?.number(name).map { "\(Numbers.signed($0, 1))% in 24 h" } ?? "change not known")
        }
        func dollars(_ name: String, _ other: String) -> String? {
            (market?.number(name) ?? market?.number(other)).map(ValueFormat.dollars.text)
        }
        let day = liquidationsOfDay
        func way(_ figure: String) -> PageLink? {
            frame.explanation(ExplainedNumber.marketName(figure), from: .market)
        }
        return [
            .init(
                "Score, -1 to 1", market?.number("composite_score").map { Numbers.signed($0, 2) },
                note: present + (market?.text("sentiment") ?? market?.text("status") ?? ""), explanation: way("score")),
            .init(
                "Open interest, USD", dollars("total_oi_reported", "total_oi"), note: change("oi_change_24h"),
                explanation: way("open-interest")),
            .init(
                "Volume in 24 h, USD", dollars("total_volume_reported", "total_volume"),
                note: change("volume_change_24h"), explanation: way("volume")),
            .init(
                "Funding, % per 8 h", market?.number("funding_percent").map { Numbers.signed($0, 4) },
                note: present + "weighted by open interest", explanation: way("funding")),
            .init("Liquidations in 24 h, USD", day.text, note: day.note),
            .init(
                "Exchanges",
                market?.integer("exchanges_count").map { count in
                    rows.expected.map { "\(count) of \($0)" } ?? "\(count)"
                }),
        ]
    }

    /// The commands that explain figures of the market.
    func commands(_ figures: String...) -> [String] {
        figures.compactMap { frame.command.text("\($0) \(frame.hour)") }
    }

    /// The commands for a number of a coin on each exchange of a list.
    func commands(_ exchangeIDs: [String], _ coin: String?, _ words: String) -> [String] {
        guard let coin else { return [] }
        return exchangeIDs.compactMap { frame.command.text($0, coin, words, frame.hour) }
    }
}
