/// What a taker pays on each exchange.
///
/// A fee is a fraction of notional for one trade: at `0.0005`, a trade of 10,000 dollars costs 5 dollars.
public struct TakerFees: Hashable, Sendable {
    /// The fees that a setting may name: from nothing to one percent of notional.
    public static let range = 0.0...0.01

    private static func usual(_ exchange: Exchange) -> Double {
        switch exchange {
        case .binance, .okx, .gate, .aster, .dydx, .binanceCOINM, .deribit, .krakenFutures, .bingx: 0.0005
        case .bybit: 0.00055
        case .bitget, .mexc, .kucoin, .htx: 0.0006
        case .hyperliquid: 0.00045
        case .lighter: 0  // standard accounts pay none
        // Not known: the commonest fee stands in.
        case .edgex, .pacifica, .backpack, .extended, .grvt, .paradex: 0.0005
        case .coinbase: 0.0005  // charged per contract; assumed, since no public source states a fraction
        }
    }

    private var changed: [Exchange: Double]

    /// The usual fees, except for the exchanges in `changed`.
    public init(_ changed: [Exchange: Double] = [:]) { self.changed = changed }

    /// The fee of an exchange: a fraction of notional for one trade.
    public subscript(exchange: Exchange) -> Double {
        get { changed[exchange] ?? Self.usual(exchange) }
        set { changed[exchange] = newValue }
    }

    /// The fee of every exchange, a fraction of notional.
    public var byExchange: [Exchange: Double] {
        Dictionary(uniqueKeysWithValues: Exchange.allCases.map { ($0, self[$0]) })
    }

    /// The name of the setting of an exchange's fee: `TAKER_FEE_OKX`.
    public static func setting(of exchange: Exchange) -> String {
        "TAKER_FEE_" + exchange.id.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    /// Reads a fee as settings state it, a plain decimal fraction such as `0.0005`; `nil` when the text is not one, or is
    /// outside `range`.
    public static func parse(_ text: String) -> Double? {
        guard text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let fee = Double(text), range.contains(fee)
        else { return nil }
        return fee
    }

    /// The fee in percent as text, with three decimals or more where the fee has them: `0.055%` for `0.00055`.
    public static func percent(_ fee: Double) -> String {
        let digits = String(Int((fee * 1e8).rounded()))
        let padded = String(repeating: "0", count: max(0, 7 - digits.utf8.count)) + digits
        var decimals = padded.suffix(6)
        while decimals.utf8.count > 3, decimals.last == "0" { decimals.removeLast() }
        return "\(padded.dropLast(6)).\(decimals)%"
    }
}
