/// How an exchange tells of forced closings: the one table of what is so.
public struct LiquidationSources: Hashable, Sendable {
    /// Over REST, which is what `extract` asks.
    public enum REST: Hashable, Sendable {
        /// All of them, and a part: figures made of it are lower bounds.
        case complete, sampled
        /// A part, among the trades of the focus markets; asked with `OPTIONAL_ENDPOINTS=1` only.
        case amongFocusTrades
        case none
    }

    /// Over a public stream.
    public enum Stream: Hashable, Sendable {
        case complete, sampled
        /// There is one; how much it shows is not stated.
        case unmeasured
        /// Nothing without a key.
        case none
    }

    public let rest: REST
    /// `nil`: REST has them, and the stream is not used here.
    public let stream: Stream?
}

extension Exchange {
    /// Sources: the exchanges' own pages, named in `Sources/ExchangeAdapters/Exchanges`.
    public var liquidationSources: LiquidationSources {
        switch self {
        case .binance: LiquidationSources(rest: .none, stream: .sampled)  // !forceOrder: one a symbol and second
        case .okx: LiquidationSources(rest: .sampled, stream: nil)
        case .bybit: LiquidationSources(rest: .none, stream: .complete)  // allLiquidation
        case .gate: LiquidationSources(rest: .complete, stream: nil)
        case .bitget: LiquidationSources(rest: .sampled, stream: nil)
        case .hyperliquid: LiquidationSources(rest: .none, stream: LiquidationSources.Stream.none)
        case .aster: LiquidationSources(rest: .none, stream: .unmeasured)  // !forceOrder
        case .dydx: LiquidationSources(rest: .amongFocusTrades, stream: nil)
        }
    }

    /// Why the exchange's liquidations are not seen; `nil` where REST tells of them.
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
        case (.none, .none?), (.none, nil):
            return "not over REST: \(displayName) sends no liquidations without a key"
        }
    }
}
