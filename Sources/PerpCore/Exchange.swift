/// An exchange whose market the pipeline records.
///
/// The cases stand in the order that every file, table and report uses where an order matters.
public enum Exchange: String, CaseIterable, Hashable, Sendable, Comparable, FieldConvertible {
    case binance, okx, bybit, gate, bitget, hyperliquid, aster, dydx

    /// Whether an operator holds the customers' funds.
    public enum Custody: String, Hashable, Sendable {
        case centralized = "CEX"
        case decentralized = "DEX"
    }

    /// The id in paths, records and tables: `"okx"`.
    public var id: String { rawValue }

    /// The name people read: `"Gate.io"`.
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
        }
    }

    public var custody: Custody {
        switch self {
        case .binance, .okx, .bybit, .gate, .bitget: .centralized
        case .hyperliquid, .aster, .dydx: .decentralized
        }
    }

    /// The place in the fixed order, from 0.
    public var position: Int { Self.allCases.firstIndex(of: self)! }  // every case is in allCases

    public static func < (left: Exchange, right: Exchange) -> Bool { left.position < right.position }
}
