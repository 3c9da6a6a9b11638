import JSONReader
import PerpCore

/// What Hyperliquid says of markets that others run on it, in responses of several kinds.
struct BuilderMarkets {
    /// The names of the lists that their builders run: `xyz`.
    private(set) var lists: [String] = []
    /// The names of tokens by their index, which is not their position in the response.
    private var tokens: [Int64: String] = [usdc: "USDC"]
    /// The token that each list is priced and settled in, by the list's name.
    private var collateral: [String: Int64] = [:]
    /// What its builder calls the underlying of a market, by symbol.
    private var categories: [String: String] = [:]

    /// The index of the one token that is a dollar. Anybody may call another token by the name of one.
    private static let usdc: Int64 = 0

    /// The list of a symbol, `xyz` of `xyz:AAPL`; `nil` for a market of Hyperliquid itself.
    static func list(of symbol: String) -> String? {
        symbol.utf8.firstIndex(of: UInt8(ascii: ":")).map { String(symbol[..<$0]) }
    }

    /// Adds a list. Only letters and digits are taken, since the name becomes part of a request.
    mutating func addList(_ name: String) throws(FieldError) {
        guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw .unknown(field: "name", value: name)
        }
        guard !lists.contains(name) else { throw .duplicate(field: "name", value: name) }
        lists.append(name)
    }

    mutating func addToken(_ name: String, index: Int64) { tokens[index] = name }

    mutating func addCategory(_ category: String, of symbol: String) { categories[symbol] = category }

    mutating func addCollateral(_ token: Int64, of list: String) { collateral[list] = token }

    /// The asset that prices the markets of a list; blank while no response names it.
    func quote(of list: String) -> String {
        guard let token = collateral[list], let name = tokens[token] else { return "" }
        return token != Self.usdc && Assets.isDollar(name) ? "" : name
    }

    /// The class that the builder states; `nil` when it states none, and then it is no coin.
    func assetClass(of symbol: String) -> AssetClass? { categories[symbol].map(AssetClasses.hyperliquid) }
}

extension InstrumentDraft {
    /// A builder's market before its quote and class are known.
    convenience init(
        builderMarket symbol: String, status: InstrumentStatus, quote: String = "", assetClass: AssetClass? = nil
    ) {
        let base = String(symbol.drop { $0 != ":" }.dropFirst())
        self.init(
            parts: SymbolParts(base: base, quote: quote, settle: quote), assetClass: assetClass, isNoCoin: true,
            likelyClass: AssetClasses.suggested(by: base), isCore: false, status: status, contractMultiplier: 1,
            fundingIntervalHours: 1)
    }
}

extension Batch {
    /// Gives builder markets the quotes and classes that responses have named so far: they may come in any order.
    mutating func describeBuilderMarkets() {
        for index in drafts.indices {
            guard let listing = drafts[index].listing, !listing.isCore else { continue }
            let symbol = drafts[index].symbol
            drafts[index].listing = InstrumentDraft(
                builderMarket: symbol, status: listing.status,
                quote: builders.quote(of: BuilderMarkets.list(of: symbol) ?? ""),
                assetClass: builders.assetClass(of: symbol))
        }
    }
}
