import PerpCore

/// A canonical asset, and the number of its units in one base unit of an exchange.
struct CanonicalAsset: Hashable, Sendable {
    /// `PEPE` for `1000PEPE`; `stock:TSLA` for a share.
    let asset: String
    /// 1000 for `1000PEPE`, else 1.
    let unitMultiplier: Double
}

/// What a symbol's text says, for use when the list of instruments is missing.
struct SymbolParts: Hashable, Sendable {
    var base: String
    /// Blank while no response names it: such a contract is not kept.
    var quote: String
    var settle: String
    var kind: ContractKind = .linear
    var contract: ContractTerm = .perpetual
}

/// The mapping from an exchange's base asset to the canonical one, by class and name: a share and a coin with one ticker
/// are two assets. Names that only look alike (`LUNA` and `LUNA2`, `MATIC` and `POL`) stay apart: no alias without
/// proof.
enum Assets {
    /// Whether one unit of an asset is valued at one dollar.
    static func isDollar(_ asset: String) -> Bool { asset == "USDT" || asset == "USDC" || asset == "USD" }

    private static let aliases = ["XBT": "BTC", "XDG": "DOGE"]
    /// Longest first, so that `1000000MOG` is a million `MOG` and not a thousand `000MOG`.
    private static let multiples = ["10000000", "1000000", "100000", "10000", "1000"]
    private static let exact: [String: CanonicalAsset] = [
        "1MBABYDOGE": CanonicalAsset(asset: "BABYDOGE", unitMultiplier: 1_000_000),
        "MBABYDOGE": CanonicalAsset(asset: "BABYDOGE", unitMultiplier: 1_000_000),
        "SHIB1000": CanonicalAsset(asset: "SHIB", unitMultiplier: 1000),
    ]

    /// Different coins with the same ticker, where no field distinguishes them.
    private static let namesakes: [Exchange: [String: String]] = [
        // Definitive; on other exchanges EDGE is edgeX.
        .gate: ["EDGE": "DEFINITIVE"]
    ]
    /// Bybit's spot market has the coin of its perpetual NEIROETH under the name NEIRO.
    private static let spotNamesakes: [Exchange: [String: String]] = [.bybit: ["NEIRO": "NEIROETH"]]

    /// Other tickers for the same thing, per class. A ticker that is not listed stays as it is.
    private static let classAliases: [AssetClass: [String: String]] = [
        .commodity: ["GOLD": "XAU", "SILVER": "XAG", "USOIL": "WTI", "CL": "WTI"],
        .index: ["US500": "SPX", "SP500": "SPX", "SPX500": "SPX"],
    ]

    /// The exchanges on which a lower-case k before a capital counts thousands: `kPEPE`.
    private static let kiloNames: Set<Exchange> = [.hyperliquid, .pacifica, .backpack, .extended, .paradex]
    /// Names that count thousands on one exchange only.
    private static let ownThousands: [Exchange: Set<String>] = [.grvt: ["KPEPE", "KBONK", "KSHIB"]]

    /// The class of a base asset, given what the exchange states: some names are never coins.
    static func assetClass(_ stated: AssetClass?, of base: String) -> AssetClass? {
        guard stated ?? .crypto == .crypto, base.utf8.count == 3 else { return stated }
        return AssetClasses.alwaysCommodity.contains(base.uppercasedASCII) ? .commodity : stated
    }

    /// The canonical asset for a base in the exchange's spelling.
    ///
    /// - Parameter assetClass: `nil` when it is unknown: the asset is then named as a coin.
    static func canonical(
        _ base: String, _ assetClass: AssetClass? = .crypto, on exchange: Exchange
    ) -> CanonicalAsset {
        guard let assetClass, assetClass != .crypto else { return canonicalCoin(base, on: exchange) }
        let name = base.uppercasedASCII
        let ticker = classAliases[assetClass]?[name] ?? name
        return CanonicalAsset(asset: assetClass.assetName(ticker), unitMultiplier: 1)
    }

    /// The canonical coin for the base of a spot market.
    static func canonicalSpot(_ base: String, on exchange: Exchange) -> CanonicalAsset {
        if let name = spotNamesakes[exchange]?[base] { return CanonicalAsset(asset: name, unitMultiplier: 1) }
        return canonicalCoin(base, on: exchange)
    }

    private static func canonicalCoin(_ base: String, on exchange: Exchange) -> CanonicalAsset {
        let name = exchange == .hyperliquid ? base : base.uppercasedASCII
        if kiloNames.contains(exchange), let coin = kilo(base) { return coin }
        if ownThousands[exchange]?.contains(name) == true {
            return CanonicalAsset(asset: String(name.dropFirst()), unitMultiplier: 1000)
        }
        if let namesake = namesakes[exchange]?[name] { return CanonicalAsset(asset: namesake, unitMultiplier: 1) }
        if let coin = exact[name] { return coin }
        for multiple in multiples where name.hasPrefix(multiple) {
            let rest = name.dropFirst(multiple.utf8.count)
            guard let first = rest.unicodeScalars.first, !("0"..."9").contains(first),
                let unit = Double(multiple)
            else { break }
            return CanonicalAsset(asset: String(rest), unitMultiplier: unit)
        }
        return CanonicalAsset(asset: aliases[name] ?? name, unitMultiplier: 1)
    }

    /// Reads `kPEPE` as thousands; `KAS` and `kas` are coins, for which it returns `nil`.
    private static func kilo(_ name: String) -> CanonicalAsset? {
        guard name.first == "k", let second = name.unicodeScalars.dropFirst().first, ("A"..."Z").contains(second)
        else { return nil }
        return CanonicalAsset(asset: String(name.dropFirst()), unitMultiplier: 1000)
    }
}

extension String {
    /// The text with ASCII letters in upper case; other letters stay, since they are part of names.
    fileprivate var uppercasedASCII: String {
        guard utf8.contains(where: { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else { return self }
        return String(
            decoding: utf8.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 - 32 : $0 },
            as: UTF8.self)
    }
}
