/// The SQL of the warehouse, compiled into the programs: they need no files at run time.
///
/// A file added to one of the folders is named here; a test compares the lists with the folders.
public enum WarehouseSQL {
    /// A numbered step of the schema, never edited once merged.
    public struct Migration: Sendable {
        /// `0001_reference`
        public let name: String
        public let sql: String
    }

    /// A view, recreated whenever its text changes.
    public struct View: Sendable {
        public let name: String
        /// The whole file: its comment, then one `CREATE VIEW`.
        public let sql: String
    }

    /// In the order in which they are applied.
    public static let migrations: [Migration] = [
        Migration(name: "0001_reference", sql: text(PackageResources._001_reference_sql)),
        Migration(name: "0002_ledger", sql: text(PackageResources._002_ledger_sql)),
        Migration(name: "0003_facts", sql: text(PackageResources._003_facts_sql)),
        Migration(name: "0004_summary", sql: text(PackageResources._004_summary_sql)),
        Migration(name: "0005_kept", sql: text(PackageResources._005_kept_sql)),
        Migration(name: "0006_alerts", sql: text(PackageResources._006_alerts_sql)),
        Migration(name: "0007_instrument_indices", sql: text(PackageResources._007_instrument_indices_sql)),
        Migration(name: "0008_truth", sql: text(PackageResources._008_truth_sql)),
        Migration(name: "0009_whole", sql: text(PackageResources._009_whole_sql)),
        Migration(name: "0010_streams", sql: text(PackageResources._010_streams_sql)),
        Migration(name: "0011_live_alerts", sql: text(PackageResources._011_live_alerts_sql)),
        Migration(name: "0012_heard_share", sql: text(PackageResources._012_heard_share_sql)),
        Migration(name: "0013_core", sql: text(PackageResources._013_core_sql)),
        Migration(name: "0014_history", sql: text(PackageResources._014_history_sql)),
        Migration(name: "0015_trends", sql: text(PackageResources._015_trends_sql)),
        Migration(name: "0016_forecasts", sql: text(PackageResources._016_forecasts_sql)),
        Migration(name: "0017_record", sql: text(PackageResources._017_record_sql)),
        Migration(name: "0018_backtest", sql: text(PackageResources._018_backtest_sql)),
        Migration(name: "0019_hour_hash", sql: text(PackageResources._019_hour_hash_sql)),
    ]

    /// A view stands after those that it reads.
    public static let views: [View] = [
        View(name: "market_snapshots", sql: text(PackageResources.market_snapshots_sql)),
        View(name: "exchange_snapshots", sql: text(PackageResources.exchange_snapshots_sql)),
        View(name: "sentiment_factors", sql: text(PackageResources.sentiment_factors_sql)),
        View(name: "proposed_sentiment", sql: text(PackageResources.proposed_sentiment_sql)),
        View(name: "liquidation_snapshots", sql: text(PackageResources.liquidation_snapshots_sql)),
        View(name: "market_hours", sql: text(PackageResources.market_hours_sql)),
        View(name: "exchange_hours", sql: text(PackageResources.exchange_hours_sql)),
        View(name: "exchange_class_totals", sql: text(PackageResources.exchange_class_totals_sql)),
        View(name: "class_totals", sql: text(PackageResources.class_totals_sql)),
        View(name: "tickers", sql: text(PackageResources.tickers_sql)),
        View(name: "liquidations", sql: text(PackageResources.liquidations_sql)),
        View(name: "stream_hours", sql: text(PackageResources.stream_hours_sql)),
        View(name: "stream_liquidations", sql: text(PackageResources.stream_liquidations_sql)),
        View(name: "liquidation_totals", sql: text(PackageResources.liquidation_totals_sql)),
        View(name: "long_short_ratios", sql: text(PackageResources.long_short_ratios_sql)),
        View(name: "funding_settlements", sql: text(PackageResources.funding_settlements_sql)),
        View(name: "candles", sql: text(PackageResources.candles_sql)),
        View(name: "open_interest_history", sql: text(PackageResources.open_interest_history_sql)),
        View(name: "funding_history", sql: text(PackageResources.funding_history_sql)),
        View(name: "funding_intervals", sql: text(PackageResources.funding_intervals_sql)),
        View(name: "reconstructed_hours", sql: text(PackageResources.reconstructed_hours_sql)),
        View(name: "reconstructed_tickers", sql: text(PackageResources.reconstructed_tickers_sql)),
        View(name: "funding_forecasts", sql: text(PackageResources.funding_forecasts_sql)),
        View(name: "forecast_skill", sql: text(PackageResources.forecast_skill_sql)),
        View(name: "market_history", sql: text(PackageResources.market_history_sql)),
        View(name: "restatements", sql: text(PackageResources.restatements_sql)),
        View(name: "history_spans", sql: text(PackageResources.history_spans_sql)),
        View(name: "history_files", sql: text(PackageResources.history_files_sql)),
        View(name: "missing_hours", sql: text(PackageResources.missing_hours_sql)),
        View(name: "reference_perpetuals", sql: text(PackageResources.reference_perpetuals_sql)),
        View(name: "all_funding_spreads", sql: text(PackageResources.all_funding_spreads_sql)),
        View(name: "funding_spreads", sql: text(PackageResources.funding_spreads_sql)),
        View(name: "class_funding_spreads", sql: text(PackageResources.class_funding_spreads_sql)),
        View(name: "all_price_spreads", sql: text(PackageResources.all_price_spreads_sql)),
        View(name: "price_spreads", sql: text(PackageResources.price_spreads_sql)),
        View(name: "class_price_spreads", sql: text(PackageResources.class_price_spreads_sql)),
        View(name: "market_shares", sql: text(PackageResources.market_shares_sql)),
        View(name: "market_concentration", sql: text(PackageResources.market_concentration_sql)),
        View(name: "bases", sql: text(PackageResources.bases_sql)),
        View(name: "open_interest_changes", sql: text(PackageResources.open_interest_changes_sql)),
        View(name: "range_trading_hours", sql: text(PackageResources.range_trading_hours_sql)),
        View(name: "sentiment_24h", sql: text(PackageResources.sentiment_24h_sql)),
        View(name: "trends", sql: text(PackageResources.trends_sql)),
        View(name: "volatility", sql: text(PackageResources.volatility_sql)),
        View(name: "volatility_events", sql: text(PackageResources.volatility_events_sql)),
        View(name: "sustained_scores", sql: text(PackageResources.sustained_scores_sql)),
        View(name: "latest_tickers", sql: text(PackageResources.latest_tickers_sql)),
        View(name: "latest_reference_perpetuals", sql: text(PackageResources.latest_reference_perpetuals_sql)),
        View(name: "latest_funding_spreads", sql: text(PackageResources.latest_funding_spreads_sql)),
        View(name: "latest_price_spreads", sql: text(PackageResources.latest_price_spreads_sql)),
        View(name: "latest_bases", sql: text(PackageResources.latest_bases_sql)),
        View(name: "latest_liquidations", sql: text(PackageResources.latest_liquidations_sql)),
    ]

    /// What writes the rows of one day, that begins at `:day`, from its hours.
    public static let rollUps: [String] = [
        text(PackageResources.exchange_day_sql), text(PackageResources.market_day_sql),
    ]

    /// A question about the quality of the data. Each row of the answer is wrong.
    public struct Check: Sendable {
        public let name: String
        /// The whole file: its severity, what a row means, then one query with the bounds `:first` and
        /// `:last`, the epoch seconds of hours.
        public let sql: String
    }

    public static let checks: [Check] = [
        Check(name: "duplicate_instruments", sql: text(PackageResources.duplicate_instruments_sql)),
        Check(name: "fields_gone_empty", sql: text(PackageResources.fields_gone_empty_sql)),
        Check(name: "funding_beyond_cap", sql: text(PackageResources.funding_beyond_cap_sql)),
        Check(name: "hours_out_of_order", sql: text(PackageResources.hours_out_of_order_sql)),
        Check(name: "open_interest_jumps", sql: text(PackageResources.open_interest_jumps_sql)),
        Check(name: "orphan_rows", sql: text(PackageResources.orphan_rows_sql)),
        Check(name: "prices_out_of_line", sql: text(PackageResources.prices_out_of_line_sql)),
        Check(name: "stale_timestamps", sql: text(PackageResources.stale_timestamps_sql)),
        Check(name: "totals_do_not_add_up", sql: text(PackageResources.totals_do_not_add_up_sql)),
        Check(name: "unknown_classes", sql: text(PackageResources.unknown_classes_sql)),
    ]

    // MARK: - Queries

    /// A query of `queries/`, named `file.name` as the line `-- name:` above it says.
    /// - Parameter parts: what stands in place of `{part}`: lists of columns, names of tables.
    public static func query(_ name: String, _ parts: [String: String] = [:]) -> String {
        guard var sql = queries[name] else { preconditionFailure("there is no query '\(name)'") }
        for (part, text) in parts { sql = sql.replacing("{\(part)}", with: text) }
        return sql
    }

    /// All queries of `queries/`, by `file.name`.
    public static let queries: [String: String] = Dictionary(
        uniqueKeysWithValues: queryFiles.flatMap { file, text in
            text.split(separator: "-- name: ").map { query in
                let end = query.firstIndex(of: "\n") ?? query.endIndex
                return ("\(file).\(query[..<end])", String(query[end...].drop { $0 == "\n" }))
            }
        })

    private static let queryFiles: [(name: String, text: String)] = [
        ("alerts", text(PackageResources.alerts_sql)),
        ("backtest", text(PackageResources.backtest_sql)),
        ("checks", text(PackageResources.checks_sql)),
        ("contract_hours", text(PackageResources.contract_hours_sql)),
        ("contract_sizes", text(PackageResources.contract_sizes_sql)),
        ("contracts", text(PackageResources.contracts_sql)),
        ("dashboard", text(PackageResources.dashboard_sql)),
        ("drift", text(PackageResources.drift_sql)),
        ("event_loader", text(PackageResources.event_loader_sql)),
        ("explain", text(PackageResources.explain_sql)),
        ("fact_loader", text(PackageResources.fact_loader_sql)),
        ("facts", text(PackageResources.facts_sql)),
        ("forecasts", text(PackageResources.forecasts_sql)),
        ("gaps", text(PackageResources.gaps_sql)),
        ("health", text(PackageResources.health_sql)),
        ("history", text(PackageResources.history_sql)),
        ("hour_reader", text(PackageResources.hour_reader_sql)),
        ("instrument_versions", text(PackageResources.instrument_versions_sql)),
        ("intervals", text(PackageResources.intervals_sql)),
        ("lake", text(PackageResources.lake_sql)),
        ("ledger", text(PackageResources.ledger_sql)),
        ("liquidation_counts", text(PackageResources.liquidation_counts_sql)),
        ("liquidation_runs", text(PackageResources.liquidation_runs_sql)),
        ("listing_cache", text(PackageResources.listing_cache_sql)),
        ("outcomes", text(PackageResources.outcomes_sql)),
        ("questions", text(PackageResources.questions_sql)),
        ("pages", text(PackageResources.pages_sql)),
        ("rebuild", text(PackageResources.rebuild_sql)),
        ("reconstruction", text(PackageResources.reconstruction_sql)),
        ("replay", text(PackageResources.replay_sql)),
        ("retention", text(PackageResources.retention_sql)),
        ("runs", text(PackageResources.runs_sql)),
        ("schema", text(PackageResources.schema_sql)),
        ("stream", text(PackageResources.stream_sql)),
        ("summary_store", text(PackageResources.summary_store_sql)),
        ("trend_store", text(PackageResources.trend_store_sql)),
        ("unstated_classes", text(PackageResources.unstated_classes_sql)),
        ("weights", text(PackageResources.weights_sql)),
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
