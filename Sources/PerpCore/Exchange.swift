/// An exchange whose market the pipeline records.
///
/// The order of the cases is the order in every file, table and report where order matters.
public enum Exchange: String, CaseIterable, Hashable, Sendable, Comparable, FieldConvertible {
    case binance, okx, bybit, gate, bitget, hyperliquid, aster, dydx
    case binanceCOINM = "binance-coinm"
    case deribit
    case krakenFutures = "kraken-futures"
    case mexc, kucoin, bingx, lighter, htx
    case edgex, pacifica, backpack, extended, grvt, paradex
    case coinbase

    /// Whether an operator holds the customers' funds.
    public enum Custody: String, Hashable, Sendable {
        /// An operator holds the customers' funds.
        case centralized = "CEX"
        /// Customers hold their own funds; trades settle on a chain.
        case decentralized = "DEX"
    }

    /// The id in paths, records and tables: `"okx"`.
    public var id: String { rawValue }

    /// The name in reports and messages: `"Gate.io"`.
    public var displayName: String {
        switch self {
        case .binance: "Binance"
        case .okx: "OKX"
        case .bybit: "Bybit"
        case .gate: "Gate.io"
        case .bitget: "Bitget"
        case .hyperliquid: "HyperLiquid"
        case .aster: "AsterDEX"
        case .dydx: "dYdX v4"
        case .binanceCOINM: "Binance COIN-M"
        case .deribit: "Deribit"
        case .krakenFutures: "Kraken Futures"
        case .mexc: "MEXC"
        case .kucoin: "KuCoin"
        case .bingx: "BingX"
        case .lighter: "Lighter"
        case .htx: "HTX"
        case .edgex: "edgeX"
        case .pacifica: "Pacifica"
        case .backpack: "Backpack"
        case .extended: "Extended"
        case .grvt: "GRVT"
        case .paradex: "Paradex"
        case .coinbase: "Coinbase"
        }
    }

    /// Who holds the customers' funds.
    public var custody: Custody {
        switch self {
        case .binance, .okx, .bybit, .gate, .bitget, .binanceCOINM, .deribit, .krakenFutures, .mexc, .kucoin, .bingx,
            .htx, .backpack, .coinbase:
            .centralized
        case .hyperliquid, .aster, .dydx, .lighter, .edgex, .pacifica, .extended, .grvt, .paradex: .decentralized
        }
    }

    /// The index in `allCases`, from 0.
    public var position: Int { Self.allCases.firstIndex(of: self)! }  // every case is in allCases

    /// Whether `left` comes first in `allCases`.
    public static func < (left: Exchange, right: Exchange) -> Bool { left.position < right.position }
}
