import PerpCore

/// The tables of facts that a file's records go to as they are.
enum FactTables {
    static let ticker = Table<Ticker>(
        "ticker", key: ["hour", "listing_id"], fields: Ticker.measures.filter { !$0.isDerived })
    static let longShort = Table<LongShortRatio>("long_short", key: ["hour", "exchange_id"])
    static let spotTicker = Table<SpotTicker>("spot_ticker", key: ["hour", "exchange_id"])
    static let rejection = Table<Rejection>("rejection", key: ["hour", "exchange_id", "number"])
    static let liquidationTotal = Table<LiquidationTotal>("liquidation_total", key: ["hour", "exchange_id"])
    static let fundingSettlement = Table<FundingSettlement>("funding_settlement", key: ["hour", "exchange_id"])
    static let instrument = Table<Instrument>("instrument", key: ["exchange_id", "valid_from", "valid_to"])
}
