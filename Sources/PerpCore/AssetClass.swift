/// What kind of thing an asset is.
///
/// It is part of what the asset is: a share and a coin of one ticker are two assets. A coin's name is its ticker;
/// the name of anything else carries its class: `stock:TSLA`, `commodity:XAU`, `index:SPX`, `fx:EUR`.
public enum AssetClass: String, Hashable, Sendable, CaseIterable {
    /// Coins, and indices of coins.
    case crypto
    /// Shares, funds, and shares before they are listed.
    case stock
    /// Metals, energy, crops.
    case commodity
    case index
    /// Dollars for one unit of a currency.
    case fx
    /// What the exchange calls by a word that is not known here.
    case other

    /// The version of `transform` that stated classes first. Figures of hours before it count shares among the coins
    /// and are not compared with those of hours after it.
    public static let statedSinceTransformVersion = 2

    /// The name of the asset of this class with a ticker.
    public func assetName(_ ticker: String) -> String { self == .crypto ? ticker : "\(rawValue):\(ticker)" }

    /// The class that an asset's name states.
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
