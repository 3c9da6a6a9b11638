/// A figure that an exchange sends as a whole number of contracts, and what tickers keep of it.
public struct ContractCount: Hashable, Sendable {
    /// Which figure of a ticker it is; the raw value is what reports call it.
    public enum CountedFigure: String, Hashable, Sendable, CaseIterable {
        /// Contracts that are open.
        case openInterest = "open_interest"
        /// Contracts traded in the rolling day.
        case volume = "volume_24h"
    }

    /// What the adapter does with the number that the exchange sends.
    public enum SentSides: Hashable, Sendable {
        /// Keeps it: the exchange says that it counts one side, or it is assumed.
        case one
        /// Halves it: the exchange says that it counts longs and shorts, buys and sells. Where a response states one
        /// side beside the sum, that is kept instead.
        case both
    }

    /// The figure.
    public let figure: CountedFigure
    /// The contracts whose figure is counted so.
    public let kind: ContractKind
    /// What the adapter does with it.
    public let sides: SentSides

    init(_ figure: CountedFigure, _ kind: ContractKind, _ sides: SentSides = .one) {
        self.figure = figure
        self.kind = kind
        self.sides = sides
    }
}

extension Exchange {
    /// The figures that the exchange sends as whole numbers of contracts, and which of them the adapter halves; empty
    /// where it counts coins. The check of sides reads it, and a test compares it with the adapters.
    public var contractCounts: [ContractCount] {
        switch self {
        case .okx:
            [
                ContractCount(.openInterest, .linear), ContractCount(.openInterest, .inverse),
                ContractCount(.volume, .linear), ContractCount(.volume, .inverse),
            ]
        case .bybit: [ContractCount(.openInterest, .inverse, .both), ContractCount(.volume, .inverse)]
        case .gate: [ContractCount(.openInterest, .linear, .both), ContractCount(.volume, .linear)]
        case .binanceCOINM, .krakenFutures: [ContractCount(.openInterest, .inverse), ContractCount(.volume, .inverse)]
        case .deribit: [ContractCount(.openInterest, .inverse)]
        case .mexc:
            [
                ContractCount(.openInterest, .linear), ContractCount(.openInterest, .inverse),
                ContractCount(.volume, .linear), ContractCount(.volume, .inverse),
            ]
        case .kucoin:
            [
                ContractCount(.openInterest, .linear), ContractCount(.openInterest, .inverse),
                ContractCount(.volume, .linear),
            ]
        case .htx: [ContractCount(.openInterest, .linear), ContractCount(.volume, .linear, .both)]
        case .coinbase: [ContractCount(.openInterest, .linear), ContractCount(.volume, .linear)]
        case .binance, .bitget, .hyperliquid, .aster, .dydx, .bingx, .lighter, .edgex, .pacifica, .backpack, .extended,
            .grvt, .paradex:
            []
        }
    }
}
