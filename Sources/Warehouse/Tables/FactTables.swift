import PerpCore

/// The tables of facts that take the records of a file as they are.
enum FactTables {
    static let ticker = RecordTable<Ticker>(
        "ticker", key: ["hour", "listing_id"], fields: Ticker.measures.filter { !$0.isDerived })
    static let longShort = RecordTable<LongShortRatio>("long_short", key: ["hour", "exchange_id"])
    static let spotTicker = RecordTable<SpotTicker>("spot_ticker", key: ["hour", "exchange_id"])
    static let rejection = RecordTable<Rejection>("rejection", key: ["hour", "exchange_id", "number"])
    static let streamRejection = RecordTable<Rejection>("stream_rejection", key: ["hour", "exchange_id", "number"])
    static let liquidationTotal = RecordTable<LiquidationTotal>("liquidation_total", key: ["hour", "exchange_id"])
    static let fundingSettlement = RecordTable<FundingSettlement>("funding_settlement", key: ["hour", "exchange_id"])
    static let instrument = RecordTable<Instrument>("instrument", key: ["exchange_id", "valid_from", "valid_to"])
}
