import Sealing

/// The rules that a detector follows.
public enum RuleSet: String, Hashable, Sendable, CaseIterable {
    case v2
    /// Those of the seed-v1 model, for parity runs.
    case seedV1 = "seed"

    /// The rules that belong to a sentiment model.
    public init(_ model: SentimentModel) {
        switch model {
        case .v2: self = .v2
        case .seedV1: self = .seedV1
        }
    }
}

/// The fourteen strategies, by their number in the seed-v1 model, and the events that it does not know.
public enum Strategy: Int, Hashable, Sendable, CaseIterable {
    case rangeTrading = 1
    case scalping, trendFollowing, fundingArbitrage, contrarian, meanReversion, breakout
    case liquidationCascade, volatilityExpansion, momentumBreakout, deltaNeutral, basisArbitrage
    case contangoBackwardation, institutionalDivergence
    case fundingIntervalChange

    /// The id in keys and tables: `range_trading`.
    public var name: String {
        switch self {
        case .rangeTrading: "range_trading"
        case .scalping: "scalping"
        case .trendFollowing: "trend_following"
        case .fundingArbitrage: "funding_arbitrage"
        case .contrarian: "contrarian"
        case .meanReversion: "mean_reversion"
        case .breakout: "breakout"
        case .liquidationCascade: "liquidation_cascade"
        case .volatilityExpansion: "volatility_expansion"
        case .momentumBreakout: "momentum_breakout"
        case .deltaNeutral: "delta_neutral"
        case .basisArbitrage: "basis_arbitrage"
        case .contangoBackwardation: "contango_backwardation"
        case .institutionalDivergence: "institutional_divergence"
        case .fundingIntervalChange: "funding_interval_change"
        }
    }

    /// The strategy of a name; `nil` for any other text.
    public init?(name: String) {
        guard let strategy = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = strategy
    }

    /// The name people read.
    public var title: String {
        switch self {
        case .rangeTrading: "Range Trading"
        case .scalping: "Scalping"
        case .trendFollowing: "Trend Following"
        case .fundingArbitrage: "Funding Rate Arbitrage"
        case .contrarian: "Contrarian Play"
        case .meanReversion: "Mean Reversion"
        case .breakout: "Breakout Trading"
        case .liquidationCascade: "Liquidation Cascade Risk"
        case .volatilityExpansion: "Volatility Expansion"
        case .momentumBreakout: "Momentum Breakout"
        case .deltaNeutral: "Delta Neutral / Market Making"
        case .basisArbitrage: "Basis Arbitrage"
        case .contangoBackwardation: "Contango/Backwardation Play"
        case .institutionalDivergence: "Institutional-Retail Divergence"
        case .fundingIntervalChange: "Funding Interval Changed"
        }
    }

    /// The tier, 1 to 3; 1 is the most urgent.
    public var tier: Int {
        switch self {
        case .liquidationCascade, .momentumBreakout, .institutionalDivergence: 1
        case .trendFollowing, .contrarian, .breakout, .volatilityExpansion: 2
        case .rangeTrading, .scalping, .fundingArbitrage, .meanReversion, .deltaNeutral, .basisArbitrage,
            .contangoBackwardation, .fundingIntervalChange:
            3
        }
    }

    /// Whether it is about one coin at a time, with an episode of its own for each.
    public var isAboutOneAsset: Bool { self == .fundingArbitrage || self == .basisArbitrage }

    /// Whether it tells of something that happened in one hour, and not of a state that lasts: each hour in which it fires is
    /// an episode of its own, without an end to be told, and nothing holds it back but budgets.
    public var isEvent: Bool { self == .fundingIntervalChange }

    /// What the detector says about `context`.
    public func detect(_ context: MarketContext, slack: Slack = .enter, rules: RuleSet = .v2) -> Detection {
        switch self {
        case .rangeTrading: RangeTrading.detect(context, slack)
        case .scalping: Scalping.detect(context, slack, rules)
        case .trendFollowing: TrendFollowing.detect(context, slack, rules)
        case .fundingArbitrage: FundingArbitrage.detect(context, slack, rules)
        case .contrarian: Contrarian.detect(context, slack, rules)
        case .meanReversion: MeanReversion.detect(context, slack, rules)
        case .breakout: Breakout.detect(context, slack, rules)
        case .liquidationCascade: LiquidationCascade.detect(context, slack, rules)
        case .volatilityExpansion: VolatilityExpansion.detect(context, slack)
        case .momentumBreakout: MomentumBreakout.detect(context, slack, rules)
        case .deltaNeutral: DeltaNeutral.detect(context, slack, rules)
        case .basisArbitrage: BasisArbitrage.detect(context, slack, rules)
        case .contangoBackwardation: ContangoBackwardation.detect(context, slack, rules)
        case .institutionalDivergence: InstitutionalDivergence.detect(context, slack, rules)
        case .fundingIntervalChange: FundingIntervalChanged.detect(context)
        }
    }

    /// Whether a cascade score of 0 to 1 is one of an active cascade; `nil`, without evidence, is none.
    public static func isCascade(_ score: Double?) -> Bool { (score ?? 0) > LiquidationCascade.activeScore }

    /// What a cascade score says between two sealed hours; it fires above 0.5, with a confidence of 60 % there and of 100 %
    /// at 1.
    public static func detectCascade(live context: MarketContext) -> Detection {
        LiquidationCascade.detectLive(context)
    }

    /// What all detectors say, with what trends do to it: one detection per strategy, and for those about one coin one per
    /// coin that has rows. In the order of the strategies, then of the coins.
    public static func detectAll(
        _ context: MarketContext, slack: Slack = .enter, rules: RuleSet = .v2
    ) -> [Detection] {
        allCases.flatMap { strategy in
            context.scopes(of: strategy).map { context in
                let detection = strategy.detect(context, slack: slack, rules: rules)
                return rules == .v2 ? detection.seen(in: context.trend) : detection
            }
        }
    }
}
