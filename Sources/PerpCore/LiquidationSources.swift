/// How an exchange reports liquidations: the single source for reports, plans, messages and coverage classes of streams.
public struct LiquidationSources: Hashable, Sendable {
    /// Over REST, which is what `extract` asks.
    public enum REST: Hashable, Sendable {
        /// Every liquidation.
        case complete
        /// A part of them.
        case sampled
        /// A part of them, among the trades of the focus markets; asked with `OPTIONAL_ENDPOINTS=1` only.
        case amongFocusTrades
        /// REST reports none.
        case none
    }

    /// Over a public stream, which is what `record` listens to.
    public enum Stream: Hashable, Sendable {
        /// Every liquidation.
        case complete
        /// A part of them, or it is not documented how many.
        case sampled
        /// No stream without a key.
        case needsKey
        /// None that can be read.
        case absent

        /// The coverage class of an hour that was heard as a whole; `.none` where there is nothing to listen to.
        public var coverage: LiquidationCoverage {
            switch self {
            case .complete: .complete
            case .sampled: .sampled
            case .needsKey, .absent: .none
            }
        }
    }

    /// What REST reports.
    public let rest: REST
    /// What the stream reports.
    public let stream: Stream
}

extension Exchange {
    /// How the exchange reports liquidations. Sources: the pages that `pipeline/docs/exchanges` cites.
    public var liquidationSources: LiquidationSources {
        switch self {
        case .binance: LiquidationSources(rest: .none, stream: .sampled)  // !forceOrder: one per symbol and second
        case .okx: LiquidationSources(rest: .sampled, stream: .sampled)  // liquidation-orders
        case .bybit: LiquidationSources(rest: .none, stream: .complete)  // allLiquidation
        case .gate: LiquidationSources(rest: .complete, stream: .complete)  // futures.public_liquidates
        case .bitget: LiquidationSources(rest: .sampled, stream: .sampled)  // liquidation
        case .hyperliquid: LiquidationSources(rest: .none, stream: .needsKey)
        case .aster: LiquidationSources(rest: .none, stream: .sampled)  // !forceOrder, not documented how many
        case .dydx: LiquidationSources(rest: .amongFocusTrades, stream: .complete)  // v4_trades
        case .binanceCOINM: LiquidationSources(rest: .none, stream: .sampled)  // !forceOrder
        case .deribit: LiquidationSources(rest: .amongFocusTrades, stream: .complete)  // trades
        case .krakenFutures: LiquidationSources(rest: .amongFocusTrades, stream: .complete)  // trade
        case .mexc, .kucoin, .bingx: LiquidationSources(rest: .none, stream: .absent)
        case .lighter: LiquidationSources(rest: .none, stream: .complete)  // liquidation_trades
        // REST: the focus markets, one call each; the stream: liquidation_orders.
        case .htx: LiquidationSources(rest: .sampled, stream: .complete)
        case .edgex, .pacifica, .backpack, .extended, .grvt: LiquidationSources(rest: .none, stream: .absent)
        case .paradex: LiquidationSources(rest: .amongFocusTrades, stream: .absent)  // its stream is binary
        case .coinbase: LiquidationSources(rest: .none, stream: .absent)
        }
    }

    /// Whether `record` has a stream of the exchange's liquidations to listen to.
    public var hasLiquidationStream: Bool { liquidationSources.stream.coverage != .none }

    /// Why the exchange's liquidations are not collected, and what to do about it; `nil` where REST reports them.
    public var liquidationsMissing: String? {
        let sources = liquidationSources
        let toRecord: String
        switch sources.stream {
        case .complete: toRecord = "; its stream sends all of them: run make record"
        case .sampled: toRecord = "; its stream sends a part of them: run make record"
        case .needsKey: toRecord = "; \(displayName) sends no liquidations without a key"
        case .absent: toRecord = ""
        }
        switch sources.rest {
        case .complete, .sampled: return nil
        case .amongFocusTrades:
            return
                "not asked over REST (some are among the trades of FOCUS_ASSETS, with OPTIONAL_ENDPOINTS=1)\(toRecord)"
        case .none:
            return sources.stream == .absent
                ? "not published: \(displayName) tells of no liquidations" : "not over REST\(toRecord)"
        }
    }
}
