/// What kind of thing an asset is.
///
/// The class is part of an asset's identity: a share and a coin of one ticker are two assets. A coin's name is its ticker;
/// the name of anything else carries its class: `stock:TSLA`, `commodity:XAU`, `index:SPX`, `fx:EUR`.
public enum AssetClass: String, Hashable, Sendable, CaseIterable {
    /// Coins, and indices of coins.
    case crypto
    /// Shares, funds, and shares before they are listed.
    case stock
    /// Metals, energy, crops.
    case commodity
    /// Indices of shares; those of coins are `crypto`.
    case index
    /// Dollars for one unit of a currency.
    case fx
    /// The exchange uses a word that is not known here.
    case other

    /// The first version of `transform` that stated classes. Figures of earlier hours count shares as coins and are not
    /// compared with those of later hours.
    public static let statedSinceTransformVersion = 2

    /// The canonical name of a ticker in this class: `BTC`, `stock:TSLA`.
    public func assetName(_ ticker: String) -> String { self == .crypto ? ticker : "\(rawValue):\(ticker)" }

    /// The class that a canonical asset name states; `crypto` when it states none.
    public init(ofAsset name: String) {
        guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")),
            let stated = AssetClass(rawValue: String(name[..<colon]))
        else {
            self = .crypto
            return
        }
        self = stated
    }
}
