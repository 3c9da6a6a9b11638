/// For how long an exchange tells of a fact after it happened.
public enum HistoryDepth: Hashable, Sendable {
    /// As long as the contract is listed, and often longer.
    case sinceListing
    /// For so many hours.
    case hours(Int)
    /// Never: what was not asked in its hour is lost.
    case none

    /// The last instant at which the fact of `hour` can be asked for; `nil` when it is never lost, and the end of the hour
    /// when it can never be asked for.
    public func recoverable(_ hour: Hour) -> Timestamp? {
        switch self {
        case .sinceListing: nil
        case .hours(let hours): hour.advanced(by: hours).startTime
        case .none: hour.end
        }
    }

    /// The first hour that can still be asked for at `now`; `nil` when every hour can, and the hour after `now`'s when
    /// none can.
    public func earliest(at now: Timestamp) -> Hour? {
        switch self {
        case .sinceListing: nil
        case .hours(let hours): Hour(containing: now).advanced(by: 1 - hours)
        case .none: Hour(containing: now).next
        }
    }
}

extension Exchange {
    /// For how long the exchange tells of a kind of fact. Sources: the pages that `pipeline/docs/exchanges` cites.
    ///
    /// Depths that are only known to be short are taken for a day: asked too early costs a call, too late the fact.
    public func historyDepth(_ dataset: HistoryDataset) -> HistoryDepth {
        Self.historyDepths[self]?[dataset] ?? .none
    }

    /// The datasets that the exchange tells of, in their order.
    public var historyDatasets: [HistoryDataset] { HistoryDataset.allCases.filter { historyDepth($0) != .none } }

    private static let day = 24
    private static let month = 30 * 24
    private static let quarter = 90 * 24
    private static let allCandles: [HistoryDataset: HistoryDepth] = [
        .candles: .sinceListing, .markCandles: .sinceListing, .indexCandles: .sinceListing,
    ]
    private static let funding: [HistoryDataset: HistoryDepth] = [.funding: .sinceListing]
    private static let candles: [HistoryDataset: HistoryDepth] = [.candles: .sinceListing]

    private static let lastAndMark: [HistoryDataset: HistoryDepth] = [
        .candles: .sinceListing, .markCandles: .sinceListing,
    ]

    private static let historyDepths: [Exchange: [HistoryDataset: HistoryDepth]] = [
        .binance: with([.longShort: .hours(month), .openInterest: .hours(month)], funding, allCandles),
        .okx: with(
            [.liquidations: .hours(day), .longShort: .hours(60 * day), .openInterest: .hours(60 * day)],
            [.funding: .hours(quarter)], allCandles),
        .bybit: with([.longShort: .sinceListing, .openInterest: .sinceListing], funding, allCandles),
        .gate: with(
            [.liquidations: .hours(day), .longShort: .sinceListing, .openInterest: .sinceListing], funding, allCandles),
        .bitget: with([.liquidations: .hours(3 * day), .funding: .hours(quarter)], allCandles),
        .hyperliquid: with(funding, [.candles: .hours(5000)]),
        .aster: with(funding, allCandles),
        .dydx: with([.openInterest: .sinceListing], funding, candles),
        .binanceCOINM: with([.longShort: .hours(month), .openInterest: .hours(month)], funding, allCandles),
        .deribit: with(funding, candles),
        .krakenFutures: with(funding, allCandles),
        .mexc: with(funding, allCandles),
        .kucoin: with(funding, candles),
        .bingx: with(funding, lastAndMark),
        .lighter: with(funding, candles),
        .htx: with(
            [
                .liquidations: .hours(quarter), .longShort: .hours(day), .openInterest: .hours(200),
                .markCandles: .hours(2000),
            ], funding, candles),
        .edgex: with(funding, allCandles),
        .pacifica: with(funding, lastAndMark),
        .backpack: with(funding, allCandles),
        .extended: with([.openInterest: .sinceListing], funding, allCandles),
        // Not among them: GRVT, of whose settlements no answer has been seen that says how older pages follow; Paradex, whose
        // rates accrue by the second and are never settled; Coinbase, of whose past no page is known that needs no key.
    ]

    private static func with(_ parts: [HistoryDataset: HistoryDepth]...) -> [HistoryDataset: HistoryDepth] {
        parts.reduce(into: [:]) { $0.merge($1) { $1 } }
    }
}
