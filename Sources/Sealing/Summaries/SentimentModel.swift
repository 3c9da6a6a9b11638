import PerpCore

/// A way to turn an hour's measures into one sentiment score. Both are always computed and stored.
public enum SentimentModel: String, Hashable, Sendable, CaseIterable {
    /// The formula of the seed-v1 model, kept for parity.
    case seedV1 = "seed-v1"
    case v2
}

/// The mood that a composite score stands for.
public enum SentimentLabel: String, Hashable, Sendable, CaseIterable {
    case bullish = "BULLISH"
    case neutral = "NEUTRAL"
    case bearish = "BEARISH"
}

/// How far a composite score is from neutral.
public enum SentimentStrength: String, Hashable, Sendable, CaseIterable {
    case strong = "STRONG"
    case moderate = "MODERATE"
    case weak = "WEAK"
    case neutral = "NEUTRAL"
}

/// One of the six scores that a composite is made of, in the order in which they are added.
public enum SentimentFactor: String, Hashable, Sendable, CaseIterable {
    case funding, price
    case longShortBias = "ls_bias"
    case conviction, divergence
    case openInterestPrice = "oi_price"
}
