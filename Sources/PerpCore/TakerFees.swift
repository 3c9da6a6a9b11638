/// What a taker pays on each exchange.
///
/// A fee is a fraction of notional, for one trade: at `0.0005`, a trade of 10 000 dollars costs 5.
public struct TakerFees: Hashable, Sendable {
    /// Of an exchange that the table below does not name.
    public static let unnamed = 0.0005
    /// What can be a fee: up to one percent.
    public static let range = 0.0...0.01

    private static let usual: [Exchange: Double] = [
        .binance: 0.0005, .okx: 0.0005, .bybit: 0.00055, .gate: 0.0005, .bitget: 0.0006, .hyperliquid: 0.00045,
        .aster: 0.0005, .dydx: 0.0005,
    ]

    private var changed: [Exchange: Double]

    /// The usual fees, but for those of some exchanges.
    public init(_ changed: [Exchange: Double] = [:]) { self.changed = changed }

    public subscript(exchange: Exchange) -> Double {
        get { changed[exchange] ?? Self.usual[exchange] ?? Self.unnamed }
        set { changed[exchange] = newValue }
    }

    /// The fee of every exchange.
    public var byExchange: [Exchange: Double] {
        Dictionary(uniqueKeysWithValues: Exchange.allCases.map { ($0, self[$0]) })
    }

    /// The setting of an exchange's fee: `TAKER_FEE_OKX`.
    public static func setting(of exchange: Exchange) -> String {
        "TAKER_FEE_" + exchange.id.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    /// Reads a fee as settings have it, a plain decimal fraction such as `0.0005`; `nil` when the text is none, or is
    /// outside `range`.
    public static func parse(_ text: String) -> Double? {
        guard text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let fee = Double(text), range.contains(fee)
        else { return nil }
        return fee
    }

    /// `0.055%` of `0.00055`: three decimals, and more where the fee has them.
    public static func percent(_ fee: Double) -> String {
        let digits = String(Int((fee * 1e8).rounded()))
        let padded = String(repeating: "0", count: max(0, 7 - digits.utf8.count)) + digits
        var decimals = padded.suffix(6)
        while decimals.utf8.count > 3, decimals.last == "0" { decimals.removeLast() }
        return "\(padded.dropLast(6)).\(decimals)%"
    }
}
