/// How an exchange reports liquidations: the single source for reports, plans and messages.
public struct LiquidationSources: Hashable, Sendable {
    /// Over REST, which is what `extract` asks.
    public enum REST: Hashable, Sendable {
        /// Every liquidation.
        case complete
        /// A part of them: sums are lower bounds.
        case sampled
        /// A part of them, among the trades of the focus markets; asked with `OPTIONAL_ENDPOINTS=1` only.
        case amongFocusTrades
        /// REST reports none.
        case none
    }

    /// Over a public stream.
    public enum Stream: Hashable, Sendable {
        /// Every liquidation.
        case complete
        /// A part of them.
        case sampled
        /// The stream exists; how much it shows is not documented.
        case unmeasured
        /// No stream without a key.
        case needsKey
        /// The exchange tells of no liquidations at all.
        case absent
    }

    /// What REST reports.
    public let rest: REST
    /// What the stream reports; `nil` where REST reports liquidations and the stream is not used.
    public let stream: Stream?
}

extension Exchange {
    /// How the exchange reports liquidations. Sources: the pages that `pipeline/docs/exchanges` cites.
    public var liquidationSources: LiquidationSources {
        switch self {
        case .binance: LiquidationSources(rest: .none, stream: .sampled)  // !forceOrder: one per symbol and second
        case .okx: LiquidationSources(rest: .sampled, stream: nil)
        case .bybit: LiquidationSources(rest: .none, stream: .complete)  // allLiquidation
        case .gate: LiquidationSources(rest: .complete, stream: nil)
        case .bitget: LiquidationSources(rest: .sampled, stream: nil)
        case .hyperliquid: LiquidationSources(rest: .none, stream: .needsKey)
        case .aster: LiquidationSources(rest: .none, stream: .unmeasured)  // !forceOrder
        case .dydx: LiquidationSources(rest: .amongFocusTrades, stream: nil)
        case .edgex, .pacifica, .backpack, .extended, .grvt: LiquidationSources(rest: .none, stream: .absent)
        case .paradex: LiquidationSources(rest: .amongFocusTrades, stream: nil)
        }
    }

    /// Why the exchange's liquidations are not collected; `nil` where REST reports them.
    public var liquidationsMissing: String? {
        let sources = liquidationSources
        switch (sources.rest, sources.stream) {
        case (.complete, _), (.sampled, _): return nil
        case (.amongFocusTrades, _):
            return "not asked: \(displayName) sends them among the trades of FOCUS_ASSETS, with OPTIONAL_ENDPOINTS=1"
        case (.none, .complete?):
            return "not over REST: \(displayName) sends liquidations over WebSocket only, all of them"
        case (.none, .sampled?):
            return "not over REST: \(displayName) sends liquidations over WebSocket only, a part of them"
        case (.none, .unmeasured?): return "not over REST: \(displayName) sends liquidations over WebSocket only"
        case (.none, .needsKey?), (.none, nil):
            return "not over REST: \(displayName) sends no liquidations without a key"
        case (.none, .absent?): return "not published: \(displayName) tells of no liquidations"
        }
    }
}
