import PerpCore

// The fields of sealed rows: what each column is called, counts, and where a row keeps it.

extension ExchangeStatus: FieldConvertible {}
extension FundingBasis: FieldConvertible {}
extension MarketStatus: FieldConvertible {}
extension MarketFlag: FieldConvertible {}
extension SentimentModel: FieldConvertible {}
extension SentimentLabel: FieldConvertible {}
extension SentimentStrength: FieldConvertible {}
extension SentimentFactor: FieldConvertible {}
extension CascadeFlag: FieldConvertible {}
extension CascadeLevel: FieldConvertible {}
extension FieldFinding.Reason: FieldConvertible {}

/// Written as an integer whose bits are the fields.
extension TickerFields: FieldConvertible {
    /// Written as an integer.
    public static var fieldType: FieldType { .integer }
    /// The bits as an integer.
    public var fieldValue: FieldValue { rawValue.fieldValue }
    /// Reads the bits from an integer; `nil` for any other value.
    public init?(fieldValue: FieldValue) {
        guard let bits = Int(fieldValue: fieldValue) else { return nil }
        self.init(rawValue: bits)
    }
}

extension ExchangeSummary: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = ExchangeSummary(hour: Hour(containing: 0 as Int64), exchange: .binance, status: .failed)

    /// The columns of the table `exchange_summary`.
    public static let fields: [Field<ExchangeSummary>] = [
        Field("hour", \.hour, unit: "epoch seconds"),
        Field("exchange_id", \.exchange, unit: "exchange"),
        Field("status", \.status, unit: "ok, partial or failed"),
        Field("reason", \.reason, unit: "for people"),
        Field("volume", \.volumeUSD, unit: "dollars in the rolling day"),
        Field("open_interest", \.openInterestUSD, unit: "dollars, one side"),
        Field("matched_volume", \.matchedVolumeUSD, unit: "dollars in the rolling day"),
        Field("oi_coverage", \.openInterestCoverage, unit: "share of volume, 0 to 1"),
        Field("oi_vol_ratio", \.openInterestToVolume, unit: "ratio"),
        Field("funding_rate", \.fundingPercent8h, unit: "percent per eight hours, positive: longs pay"),
        Field("funding_basis", \.fundingBasis, unit: "oi or volume"),
        Field("funding_weight", \.fundingWeightUSD, unit: "dollars"),
        Field("funding_coverage", \.fundingCoverage, unit: "share of volume, 0 to 1"),
        Field("price_change", \.priceChangePercent, unit: "percent against a day ago"),
        Field("price_coverage", \.priceCoverage, unit: "share of volume, 0 to 1"),
        Field("markets", \.markets, unit: "trading perpetuals on coins"),
        Field("other_markets", \.otherMarkets, unit: "other contracts"),
        Field("num_trades", \.tradeCount, unit: "trades in the rolling day"),
        Field("seed_funding_rate", \.seedFundingPercent, unit: "percent per interval"),
        Field("seed_price_change", \.seedPriceChangePercent, unit: "percent against a day ago"),
        Field("class_rules", \.knowsClasses, unit: "1 where classes of assets are known"),
        Field("usual_volume", \.usualVolumeUSD, unit: "dollars"),
        Field("usual_open_interest", \.usualOpenInterestUSD, unit: "dollars"),
        Field("open_interest_whole", \.isOpenInterestWhole, unit: "1 where as many contracts told as before"),
        Field("cause", \.cause, unit: "why it is absent"),
        Field("absent_since", \.absentSince, unit: "epoch seconds"),
        Field("blocked_since", \.blockedSince, unit: "epoch seconds"),
        Field("filled_fields", \.filledFields, unit: "a bit per field of tickers"),
        Field("long_share_btc", \.longFractionBTC, unit: "share of accounts, 0 to 1"),
        Field("long_share_eth", \.longFractionETH, unit: "share of accounts, 0 to 1"),
        Field("volume_markets", \.volumeMarkets, unit: "contracts"),
        Field("open_interest_markets", \.openInterestMarkets, unit: "contracts"),
        Field("volume_whole", \.isVolumeWhole, unit: "1 where as many contracts told as before"),
        Field("volume_leaders", \.volumeLeaders, unit: "symbols with a space between"),
        Field("open_interest_leaders", \.openInterestLeaders, unit: "symbols with a space between"),
    ]
}

extension MarketSummary: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = MarketSummary(hour: Hour(containing: 0 as Int64), model: .v2, status: .insufficient)

    /// The columns of the table `market_summary`.
    public static let fields: [Field<MarketSummary>] = [
        Field("hour", \.hour, unit: "epoch seconds"),
        Field("model", \.model, unit: "seed-v1 or v2"),
        Field("status", \.status, unit: "ok or insufficient"),
        Field("composite_score", \.compositeScore, unit: "-1 to 1"),
        Field("sentiment", \.sentiment, unit: "label"),
        Field("strength", \.strength, unit: "label"),
        Field("total_volume", \.totalVolumeUSD, unit: "dollars in the rolling day"),
        Field("total_oi", \.totalOpenInterestUSD, unit: "dollars, one side"),
        Field("cex_volume", \.cexVolumeUSD, unit: "dollars in the rolling day"),
        Field("dex_volume", \.dexVolumeUSD, unit: "dollars in the rolling day"),
        Field("oi_vol_ratio", \.openInterestToVolume, unit: "ratio"),
        Field("funding_rate", \.fundingPercent, unit: "percent per eight hours; seed-v1: per interval"),
        Field("price_change", \.priceChangePercent, unit: "percent against a day ago"),
        Field("funding_divergence", \.fundingDivergencePercent, unit: "percent"),
        Field("long_pct", \.longFraction, unit: "share of accounts, 0 to 1"),
        Field("long_short_series", \.longShortSeries, unit: "series"),
        Field("funding_coverage", \.fundingCoverage, unit: "share of volume, 0 to 1"),
        Field("price_coverage", \.priceCoverage, unit: "share of volume, 0 to 1"),
        Field("oi_growth_24h", \.openInterestGrowth24h, unit: "logarithm, price taken out"),
        Field("oi_growth_1h", \.openInterestGrowth1h, unit: "logarithm, price taken out"),
        Field("mark_change_1h", \.markChange1h, unit: "logarithm"),
        Field("exchanges_count", \.exchangesCount, unit: "exchanges"),
        Field("coverage", \.coverage, unit: "share of the usual volume, 0 to 1"),
        Field("quality", \.quality, unit: "0 to 1"),
        Field("confidence", \.confidence, unit: "0 to 1"),
        Field("flags", \.flags, unit: "words with a space between"),
        Field("total_volume_reported", \.completeness.reportedVolumeUSD, unit: "dollars in the rolling day"),
        Field("total_oi_reported", \.completeness.reportedOpenInterestUSD, unit: "dollars, one side"),
        Field("volume_carried_usd", \.completeness.carriedVolumeUSD, unit: "dollars"),
        Field("oi_carried_usd", \.completeness.carriedOpenInterestUSD, unit: "dollars"),
        Field("carried_age_h", \.completeness.carriedAgeHours, unit: "hours"),
        Field(derived: "volume_coverage", unit: "share of the usual volume, 0 to 1") { $0.coverage },
        Field("oi_coverage", \.completeness.openInterestCoverage, unit: "share of the usual open interest, 0 to 1"),
        Field(
            "gate_coverage", \.completeness.gateCoverage, unit: "share of the usual volume, 0 to 1", usual: .number(0)),
        Field("exchanges_expected", \.completeness.expectedExchanges, unit: "exchanges", usual: .integer(0)),
        Field("exchanges_unknown", \.completeness.unknownExchanges, unit: "exchanges", usual: .integer(0)),
        Field("volume_missing", \.completeness.exchangesMissingVolume, unit: "exchanges"),
        Field("oi_missing", \.completeness.exchangesMissingOpenInterest, unit: "exchanges"),
        Field("volume_change_24h", \.completeness.volumeChangePercent24h, unit: "percent"),
        Field("oi_change_24h", \.completeness.openInterestChangePercent24h, unit: "percent"),
        Field("compared_exchanges", \.completeness.comparedExchanges, unit: "exchanges"),
    ]
}

extension ModelScore: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = ModelScore(
        hour: Hour(containing: 0 as Int64), model: .v2, factor: .funding, score: nil, quality: nil, weight: 0)

    /// The columns of the table `model_score`.
    public static let fields: [Field<ModelScore>] = [
        Field("hour", \.hour, unit: "epoch seconds"),
        Field("model", \.model, unit: "seed-v1 or v2"),
        Field("factor", \.factor, unit: "factor"),
        Field("score", \.score, unit: "-1 to 1"),
        Field("quality", \.quality, unit: "0 to 1"),
        Field("weight", \.weight, unit: "share of the composite, 0 to 1"),
    ]
}

extension LiquidationSummary: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = LiquidationSummary(
        hour: Hour(containing: 0 as Int64), exchange: .binance, coverageClass: .none, longUSD: 0, shortUSD: 0,
        totalUSD: 0,
        count: nil,
        openInterestShare: nil, seedCascadeScore: 0, cascadeScore: nil)

    /// The columns of the table `liquidation_summary`.
    public static let fields: [Field<LiquidationSummary>] = [
        Field("hour", \.hour, unit: "epoch seconds"),
        Field("exchange_id", \.exchange, unit: "exchange"),
        Field("truth", \.coverageClass, unit: "coverage class"),
        Field("long_usd", \.longUSD, unit: "dollars of longs closed"),
        Field("short_usd", \.shortUSD, unit: "dollars of shorts closed"),
        Field("total_usd", \.totalUSD, unit: "dollars"),
        Field("count", \.count, unit: "events"),
        Field("oi_share", \.openInterestShare, unit: "share of open interest"),
        Field("seed_cascade_score", \.seedCascadeScore, unit: "0 to 1"),
        Field("cascade_score", \.cascadeScore, unit: "0 to 1"),
        Field("flags", \.flags, unit: "words with a space between"),
        Field("heard_share", \.heardShare, unit: "share of the hour, 0 to 1"),
    ]
}

extension MarketLiquidation: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = MarketLiquidation(
        hour: Hour(containing: 0 as Int64), windowHours: 1, longUSD: 0, shortUSD: 0, totalUSD: 0, count: nil,
        volumeUSD: nil,
        openInterestUSD: nil, volumeShare: nil, openInterestShare: nil, imbalance: 0, coverage: nil,
        reportingExchanges: 0,
        seedScore: 0, score: nil, level: nil)

    /// The columns of the table `market_liquidation`.
    public static let fields: [Field<MarketLiquidation>] = [
        Field("hour", \.hour, unit: "epoch seconds"),
        Field("window_hours", \.windowHours, unit: "hours"),
        Field("long_usd", \.longUSD, unit: "dollars of longs closed"),
        Field("short_usd", \.shortUSD, unit: "dollars of shorts closed"),
        Field("total_usd", \.totalUSD, unit: "dollars"),
        Field("count", \.count, unit: "events"),
        Field("volume_usd", \.volumeUSD, unit: "dollars in the window"),
        Field("open_interest_usd", \.openInterestUSD, unit: "dollars, one side"),
        Field("volume_share", \.volumeShare, unit: "share of volume"),
        Field("oi_share", \.openInterestShare, unit: "share of open interest"),
        Field("imbalance", \.imbalance, unit: "0 to 1"),
        Field("coverage", \.coverage, unit: "share of open interest, 0 to 1"),
        Field("reporting_venues", \.reportingExchanges, unit: "exchanges"),
        Field("seed_score", \.seedScore, unit: "0 to 1"),
        Field("score", \.score, unit: "0 to 1"),
        Field("level", \.level, unit: "label"),
        Field("flags", \.flags, unit: "words with a space between"),
    ]
}

/// In tables behind the hour.
extension FieldFinding: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = FieldFinding(exchange: .binance, symbol: "", field: "", reason: .outOfRange)

    /// The columns of the table `field_finding` after its key, the hour.
    public static let fields: [Field<FieldFinding>] = [
        Field("exchange_id", \.exchange, unit: "exchange"),
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("field", \.field, unit: "column of ticker"),
        Field("reason", \.reason, unit: "why the value was set aside"),
    ]
}

/// In tables behind the hour.
extension ClassSummary: FieldRecord {
    /// A row without values, which reading fills.
    public static let unread = ClassSummary(
        exchange: .binance, assetClass: .crypto, markets: 0, volumeUSD: nil, openInterestUSD: nil)

    /// The columns of the table `exchange_class_summary` after its key, the hour.
    public static let fields: [Field<ClassSummary>] = [
        Field("exchange_id", \.exchange, unit: "exchange"),
        Field("asset_class", \.assetClass, unit: "crypto, stock, commodity, index, fx or other"),
        Field("core", \.isCore, unit: "0 where somebody else runs the markets on the exchange"),
        Field("markets", \.markets, unit: "trading perpetuals"),
        Field("volume", \.volumeUSD, unit: "dollars in the rolling day"),
        Field("open_interest", \.openInterestUSD, unit: "dollars, one side"),
    ]
}
