import PerpCore
import Sealing

// Each summary row names its columns once; binding and reading follow that order.

extension ExchangeSummary {
    static let columns = [
        "hour", "exchange_id", "status", "reason", "volume", "open_interest", "matched_volume",
        "oi_coverage", "oi_vol_ratio", "funding_rate", "funding_basis", "funding_weight",
        "funding_coverage", "price_change", "price_coverage", "markets", "other_markets", "num_trades",
        "seed_funding_rate", "seed_price_change", "class_rules", "usual_volume", "usual_open_interest",
        "open_interest_whole", "cause", "absent_since", "blocked_since", "filled_fields", "long_share_btc",
        "long_share_eth", "volume_markets", "open_interest_markets", "volume_whole",
        "volume_leaders", "open_interest_leaders",
    ]

    func bind(to statement: Statement) -> Statement {
        statement.bind(1, hour.start)
        statement.bind(2, exchange.id)
        statement.bind(3, status.rawValue)
        statement.bind(4, reason)
        statement.bind(5, volumeUSD)
        statement.bind(6, openInterestUSD)
        statement.bind(7, matchedVolumeUSD)
        statement.bind(8, openInterestCoverage)
        statement.bind(9, openInterestToVolume)
        statement.bind(10, fundingPercent8h)
        statement.bind(11, fundingBasis?.rawValue)
        statement.bind(12, fundingWeightUSD)
        statement.bind(13, fundingCoverage)
        statement.bind(14, priceChangePercent)
        statement.bind(15, priceCoverage)
        statement.bind(16, markets)
        statement.bind(17, otherMarkets)
        statement.bind(18, tradeCount)
        statement.bind(19, seedFundingPercent)
        statement.bind(20, seedPriceChangePercent)
        statement.bind(21, knowsClasses ? 1 : 0)
        statement.bind(22, usualVolumeUSD)
        statement.bind(23, usualOpenInterestUSD)
        statement.bind(24, isOpenInterestWhole ? 1 : 0)
        statement.bind(25, cause)
        statement.bind(26, absentSince?.start)
        statement.bind(27, blockedSince?.start)
        statement.bind(28, filledFields.rawValue)
        statement.bind(29, longFractionBTC)
        statement.bind(30, longFractionETH)
        statement.bind(31, volumeMarkets)
        statement.bind(32, openInterestMarkets)
        statement.bind(33, isVolumeWhole ? 1 : 0)
        statement.bind(34, volumeLeaders)
        statement.bind(35, openInterestLeaders)
        return statement
    }

    init(_ row: Statement) throws {
        self.init(
            hour: Hour(containing: row.integer(0)),
            exchange: try row.exchange(1, table: "exchange_summary"),
            status: try row.choice(2, "exchange_summary", "status"),
            reason: row.optionalText(3),
            volumeUSD: row.optionalReal(4),
            openInterestUSD: row.optionalReal(5),
            matchedVolumeUSD: row.optionalReal(6),
            openInterestCoverage: row.optionalReal(7),
            openInterestToVolume: row.optionalReal(8),
            fundingPercent8h: row.optionalReal(9),
            fundingBasis: try row.optionalChoice(10, "exchange_summary", "funding_basis"),
            fundingWeightUSD: row.optionalReal(11),
            fundingCoverage: row.optionalReal(12),
            priceChangePercent: row.optionalReal(13),
            priceCoverage: row.optionalReal(14),
            markets: Int(row.integer(15)),
            otherMarkets: Int(row.integer(16)),
            tradeCount: row.optionalInteger(17),
            seedFundingPercent: row.optionalReal(18),
            seedPriceChangePercent: row.optionalReal(19),
            knowsClasses: row.integer(20) != 0,
            usualVolumeUSD: row.optionalReal(21),
            usualOpenInterestUSD: row.optionalReal(22),
            volumeMarkets: Int(row.integer(30)),
            openInterestMarkets: Int(row.integer(31)),
            volumeLeaders: row.text(33),
            openInterestLeaders: row.text(34),
            isVolumeWhole: row.integer(32) != 0,
            isOpenInterestWhole: row.integer(23) != 0,
            cause: row.optionalText(24),
            absentSince: row.optionalInteger(25).map(Hour.init(containing:)),
            blockedSince: row.optionalInteger(26).map(Hour.init(containing:)),
            filledFields: TickerFields(rawValue: Int(row.integer(27))),
            longFractionBTC: row.optionalReal(28),
            longFractionETH: row.optionalReal(29))
    }
}

extension MarketSummary {
    static let columns = [
        "hour", "model", "status", "composite_score", "sentiment", "strength", "total_volume",
        "total_oi", "cex_volume", "dex_volume", "oi_vol_ratio", "funding_rate", "price_change",
        "funding_divergence", "long_pct", "long_short_series", "funding_coverage", "price_coverage",
        "oi_growth_24h", "oi_growth_1h", "mark_change_1h", "exchanges_count", "coverage", "quality",
        "confidence", "flags", "total_volume_reported", "total_oi_reported", "volume_carried_usd",
        "oi_carried_usd", "carried_age_h", "volume_coverage", "oi_coverage", "gate_coverage", "exchanges_expected",
        "exchanges_unknown", "volume_missing", "oi_missing", "volume_change_24h", "oi_change_24h",
        "compared_exchanges",
    ]

    func bind(to statement: Statement) -> Statement {
        statement.bind(1, hour.start)
        statement.bind(2, model.rawValue)
        statement.bind(3, status.rawValue)
        statement.bind(4, compositeScore)
        statement.bind(5, sentiment?.rawValue)
        statement.bind(6, strength?.rawValue)
        statement.bind(7, totalVolumeUSD)
        statement.bind(8, totalOpenInterestUSD)
        statement.bind(9, cexVolumeUSD)
        statement.bind(10, dexVolumeUSD)
        statement.bind(11, openInterestToVolume)
        statement.bind(12, fundingPercent)
        statement.bind(13, priceChangePercent)
        statement.bind(14, fundingDivergencePercent)
        statement.bind(15, longFraction)
        statement.bind(16, longShortSeries)
        statement.bind(17, fundingCoverage)
        statement.bind(18, priceCoverage)
        statement.bind(19, openInterestGrowth24h)
        statement.bind(20, openInterestGrowth1h)
        statement.bind(21, markChange1h)
        statement.bind(22, exchangesCount)
        statement.bind(23, coverage)
        statement.bind(24, quality)
        statement.bind(25, confidence)
        statement.bind(26, flags.map(\.rawValue).joined(separator: " "))
        statement.bind(27, completeness.reportedVolumeUSD)
        statement.bind(28, completeness.reportedOpenInterestUSD)
        statement.bind(29, completeness.carriedVolumeUSD)
        statement.bind(30, completeness.carriedOpenInterestUSD)
        statement.bind(31, completeness.carriedAgeHours.map(Int64.init))
        statement.bind(32, coverage)
        statement.bind(33, completeness.openInterestCoverage)
        statement.bind(34, completeness.gateCoverage)
        statement.bind(35, completeness.expectedExchanges)
        statement.bind(36, completeness.unknownExchanges)
        statement.bind(37, completeness.exchangesMissingVolume)
        statement.bind(38, completeness.exchangesMissingOpenInterest)
        statement.bind(39, completeness.volumeChangePercent24h)
        statement.bind(40, completeness.openInterestChangePercent24h)
        statement.bind(41, completeness.comparedExchanges.map(Int64.init))
        return statement
    }

    init(_ row: Statement) throws {
        self.init(
            hour: Hour(containing: row.integer(0)),
            model: try row.choice(1, "market_summary", "model"),
            status: try row.choice(2, "market_summary", "status"),
            compositeScore: row.optionalReal(3),
            sentiment: try row.optionalChoice(4, "market_summary", "sentiment"),
            strength: try row.optionalChoice(5, "market_summary", "strength"),
            totalVolumeUSD: row.optionalReal(6),
            totalOpenInterestUSD: row.optionalReal(7),
            cexVolumeUSD: row.optionalReal(8),
            dexVolumeUSD: row.optionalReal(9),
            openInterestToVolume: row.optionalReal(10),
            fundingPercent: row.optionalReal(11),
            priceChangePercent: row.optionalReal(12),
            fundingDivergencePercent: row.optionalReal(13),
            longFraction: row.optionalReal(14),
            longShortSeries: Int(row.integer(15)),
            fundingCoverage: row.optionalReal(16),
            priceCoverage: row.optionalReal(17),
            openInterestGrowth24h: row.optionalReal(18),
            openInterestGrowth1h: row.optionalReal(19),
            markChange1h: row.optionalReal(20),
            exchangesCount: Int(row.integer(21)),
            coverage: row.real(22),
            quality: row.optionalReal(23),
            confidence: row.optionalReal(24),
            flags: try row.flags(25, "market_summary"),
            completeness: MarketCompleteness(
                reportedVolumeUSD: row.optionalReal(26), reportedOpenInterestUSD: row.optionalReal(27),
                carriedVolumeUSD: row.optionalReal(28), carriedOpenInterestUSD: row.optionalReal(29),
                carriedAgeHours: row.optionalInteger(30).map { Int($0) }, openInterestCoverage: row.optionalReal(32),
                gateCoverage: row.optionalReal(33) ?? 0, expectedExchanges: Int(row.optionalInteger(34) ?? 0),
                unknownExchanges: Int(row.optionalInteger(35) ?? 0), exchangesMissingVolume: Int(row.integer(36)),
                exchangesMissingOpenInterest: Int(row.integer(37)), volumeChangePercent24h: row.optionalReal(38),
                openInterestChangePercent24h: row.optionalReal(39),
                comparedExchanges: row.optionalInteger(40).map { Int($0) }))
    }
}

extension ModelScore {
    static let columns = [
        "hour", "model", "factor", "score", "quality", "weight",
    ]

    func bind(to statement: Statement) -> Statement {
        statement.bind(1, hour.start)
        statement.bind(2, model.rawValue)
        statement.bind(3, factor.rawValue)
        statement.bind(4, score)
        statement.bind(5, quality)
        statement.bind(6, weight)
        return statement
    }

    init(_ row: Statement) throws {
        self.init(
            hour: Hour(containing: row.integer(0)),
            model: try row.choice(1, "model_score", "model"),
            factor: try row.choice(2, "model_score", "factor"),
            score: row.optionalReal(3),
            quality: row.optionalReal(4),
            weight: row.real(5))
    }
}

extension LiquidationSummary {
    static let columns = [
        "hour", "exchange_id", "truth", "long_usd", "short_usd", "total_usd", "count", "oi_share",
        "seed_cascade_score", "cascade_score", "flags",
    ]

    func bind(to statement: Statement) -> Statement {
        statement.bind(1, hour.start)
        statement.bind(2, exchange.id)
        statement.bind(3, coverageClass.rawValue)
        statement.bind(4, longUSD)
        statement.bind(5, shortUSD)
        statement.bind(6, totalUSD)
        statement.bind(7, count)
        statement.bind(8, openInterestShare)
        statement.bind(9, seedCascadeScore)
        statement.bind(10, cascadeScore)
        statement.bind(11, flags.map(\.rawValue).joined(separator: " "))
        return statement
    }

    init(_ row: Statement) throws {
        self.init(
            hour: Hour(containing: row.integer(0)),
            exchange: try row.exchange(1, table: "liquidation_summary"),
            coverageClass: try row.choice(2, "liquidation_summary", "truth"),
            longUSD: row.real(3),
            shortUSD: row.real(4),
            totalUSD: row.real(5),
            count: row.optionalInteger(6),
            openInterestShare: row.optionalReal(7),
            seedCascadeScore: row.real(8),
            cascadeScore: row.optionalReal(9),
            flags: try row.flags(10, "liquidation_summary"))
    }
}

extension MarketLiquidation {
    static let columns = [
        "hour", "window_hours", "long_usd", "short_usd", "total_usd", "count", "volume_usd",
        "open_interest_usd", "volume_share", "oi_share", "imbalance", "coverage", "reporting_venues",
        "seed_score", "score", "level", "flags",
    ]

    func bind(to statement: Statement) -> Statement {
        statement.bind(1, hour.start)
        statement.bind(2, windowHours)
        statement.bind(3, longUSD)
        statement.bind(4, shortUSD)
        statement.bind(5, totalUSD)
        statement.bind(6, count)
        statement.bind(7, volumeUSD)
        statement.bind(8, openInterestUSD)
        statement.bind(9, volumeShare)
        statement.bind(10, openInterestShare)
        statement.bind(11, imbalance)
        statement.bind(12, coverage)
        statement.bind(13, reportingExchanges)
        statement.bind(14, seedScore)
        statement.bind(15, score)
        statement.bind(16, level?.rawValue)
        statement.bind(17, flags.map(\.rawValue).joined(separator: " "))
        return statement
    }

    init(_ row: Statement) throws {
        self.init(
            hour: Hour(containing: row.integer(0)),
            windowHours: Int(row.integer(1)),
            longUSD: row.real(2),
            shortUSD: row.real(3),
            totalUSD: row.real(4),
            count: row.optionalInteger(5),
            volumeUSD: row.optionalReal(6),
            openInterestUSD: row.optionalReal(7),
            volumeShare: row.optionalReal(8),
            openInterestShare: row.optionalReal(9),
            imbalance: row.real(10),
            coverage: row.optionalReal(11),
            reportingExchanges: Int(row.integer(12)),
            seedScore: row.real(13),
            score: row.optionalReal(14),
            level: try row.optionalChoice(15, "market_liquidation", "level"),
            flags: try row.flags(16, "market_liquidation"))
    }
}

extension Statement {
    /// One of a closed list of choices.
    func choice<Choice: RawRepresentable>(
        _ column: Int32, _ table: String, _ name: String
    ) throws -> Choice where Choice.RawValue == String {
        let text = text(column)
        guard let choice = Choice(rawValue: text) else {
            throw WarehouseError.unreadable(table: table, column: name, value: text)
        }
        return choice
    }

    func optionalChoice<Choice: RawRepresentable>(
        _ column: Int32, _ table: String, _ name: String
    ) throws -> Choice? where Choice.RawValue == String {
        isNull(column) ? nil : try choice(column, table, name)
    }

    /// Flags separated by blanks.
    func flags<Flag: RawRepresentable>(_ column: Int32, _ table: String) throws -> [Flag]
    where Flag.RawValue == String {
        let text = text(column)
        if text.isEmpty { return [] }
        // By bytes: a blank is one, and characters are slow.
        return try text.utf8.split(separator: UInt8(ascii: " ")).map { word in
            guard let flag = Flag(rawValue: String(Substring(word))) else {
                throw WarehouseError.unreadable(table: table, column: "flags", value: text)
            }
            return flag
        }
    }
}
