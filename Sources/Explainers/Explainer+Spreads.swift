import Explaining
import PerpCore
import Warehouse

extension Explainer {
    /// What is apart, and both legs of it down to their bytes.
    func spread(_ kind: SpreadKind, _ asset: String, between exchanges: [Exchange], _ hour: Hour) throws -> Answer {
        let names = ([asset] + exchanges.map(\.id)).joined(separator: " ")
        var answer = Answer("\(kind.rawValue) spread \(names) \(hour)")
        for asset in [asset, asset.uppercased()] {
            switch kind {
            case .funding: if try addFundingSpread(asset, exchanges, hour, &answer) { return answer }
            case .price: if try addPriceSpread(asset, hour, &answer) { return answer }
            }
        }
        answer.miss(
            [
                .init("asset", asset), .init("hour", "\(hour)"),
                .init("reason", try whyNoSpread(kind, asset, exchanges, hour)),
            ],
            next: [
                "SELECT exchange_id, symbol, volume_usd_24h, funding_rate, price FROM reference_perpetuals WHERE hour = \(hour.start) AND asset = '\(asset)'",
                "make gaps HOUR=\(hour)  says which exchanges are missing, and why",
            ])
        return answer
    }

    private func whyNoSpread(
        _ kind: SpreadKind, _ asset: String, _ exchanges: [Exchange], _ hour: Hour
    ) throws -> String {
        if let unsealed = try unsealed(hour) { return unsealed }
        let isAlike =
            try kind == .funding
            && [asset, asset.uppercased()].contains { name in
                try rows.comparedForFunding(name, hour).contains { Self.areLegs(exchanges, $0.one, $0.other) }
            }
        return isAlike
            ? "funding is the same on all exchanges that are compared"
            : "no two exchanges are compared on it: the rules say which contracts count"
    }

    /// Whether the exchanges that were asked for, which may be none, are the two of a pair.
    private static func areLegs(_ exchanges: [Exchange], _ one: String?, _ other: String?) -> Bool {
        exchanges.allSatisfy { [one, other].contains($0.id) }
    }

    // MARK: - Funding

    private func addFundingSpread(
        _ asset: String, _ exchanges: [Exchange], _ hour: Hour, _ answer: inout Answer
    ) throws -> Bool {
        let spreads = try rows.fundingSpreads(of: asset, hour).filter {
            Self.areLegs(exchanges, $0.text("short_exchange_id"), $0.text("long_exchange_id"))
        }
        guard let best = spreads.first, let short = Leg(best, "short"), let long = Leg(best, "long") else {
            return false
        }
        answer.explanation.add(
            "view",
            [
                .init("view", "all_funding_spreads"),
                .init(
                    "where",
                    "hour = \(hour.start) AND asset = '\(asset)' AND short_symbol = '\(short.symbol)' AND long_symbol = '\(long.symbol)'"
                ),
            ] + best.facts(without: ["hour", "asset"]) + [.init("pairs_in_this_hour", spreads.count)])
        answer.explanation.add(
            "rule",
            [
                .init("gross_apr", "short_apr - long_apr, each 100 * funding_rate * 8760 / funding_interval_hours"),
                .init(
                    "net_apr", "gross_apr - 100 * 2 * (short_taker_fee + long_taker_fee) * 365 / hold_days"),
                .init("page", "pipeline/docs/signals.md#field-guards-and-means"),
                .init("comment", "of the view all_funding_spreads in pipeline/docs/schema.md: what is left out"),
            ])
        let fields = ["funding_rate", "funding_interval_hours"]
        for leg in [short, long] { try addLeg(leg, fields, hour, &answer) }
        return true
    }

    /// A contract on one side of a spread.
    private struct Leg {
        var side: String
        var exchange: Exchange
        var symbol: String

        init?(_ spread: StoredRow, _ side: String) {
            guard let exchange = spread.text("\(side)_exchange_id").flatMap(Exchange.init(rawValue:)),
                let symbol = spread.text("\(side)_symbol")
            else { return nil }
            self.init(side: side, exchange: exchange, symbol: symbol)
        }

        init(side: String, exchange: Exchange, symbol: String) {
            self.side = side
            self.exchange = exchange
            self.symbol = symbol
        }
    }

    private func addLeg(_ leg: Leg, _ fields: [String], _ hour: Hour, _ answer: inout Answer) throws {
        guard let row = try rows.ticker(leg.exchange, leg.symbol, hour),
            let origin = try origin(leg.exchange, hour, .live, &answer)
        else { return }
        answer.explanation.add(
            "leg \(leg.side)",
            [.init("table", "ticker"), .init("exchange_id", leg.exchange.id), .init("symbol", leg.symbol)]
                + fields.map { .init($0, row[$0]) })
        try addFiles(origin, leg.symbol, row, fields, to: &answer)
    }

    // MARK: - Prices

    private func addPriceSpread(_ asset: String, _ hour: Hour, _ answer: inout Answer) throws -> Bool {
        guard let spread = try rows.priceSpread(of: asset, hour) else { return false }
        answer.explanation.add(
            "view",
            [.init("view", "all_price_spreads"), .init("where", "hour = \(hour.start) AND asset = '\(asset)'")]
                + spread.facts(without: ["hour", "asset"]))
        answer.explanation.add(
            "rule",
            [
                .init("spread_percent", "100 * (highest - lowest) / lowest"),
                .init("price", "the middle of bid and ask where both are quoted within 0.5 %, else the mark price"),
                .init("page", "pipeline/docs/signals.md#field-guards-and-means"),
            ])
        for side in ["lowest", "highest"] {
            guard let exchange = spread.text("\(side)_exchange_id").flatMap(Exchange.init(rawValue:)),
                let symbol = try rows.referencePerpetual(exchange, of: asset, hour),
                let row = try rows.ticker(exchange, symbol, hour)
            else { continue }
            try addLeg(
                Leg(side: side, exchange: exchange, symbol: symbol), Self.fields(ofPrice: row), hour, &answer)
        }
        return true
    }

    /// The fields that the price of `reference_perpetuals` is made from.
    private static func fields(ofPrice row: StoredRow) -> [String] {
        guard let bid = row.number("bid_price"), let ask = row.number("ask_price"), bid > 0, ask >= bid,
            (ask - bid) / ((ask + bid) / 2) <= 0.005
        else { return ["mark_price"] }
        return ["bid_price", "ask_price"]
    }
}
