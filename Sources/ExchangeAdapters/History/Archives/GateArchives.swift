import PerpCore

/// The public archive of Gate: a gzip for each contract and month, without a header, in seconds.
///
/// Mark prices are not among them: what their rows are is not stated.
///
/// Source: https://www.gate.com/developer/historical_quotes
enum GateArchives {
    private static let host = "https://download.gatedata.org"

    static let series = [
        ArchiveSeries(
            .funding, "archive_funding", host: host, periods: .months, address: address("funding_applies"),
            isHourly: false, daysUntil: (5, 5), columns: ["time", "rate"], read: settlement),
        ArchiveSeries(
            .candles, "archive_candles", host: host, periods: .months, address: address("candlesticks_1h"),
            daysUntil: (5, 5), columns: ["time", "volume", "close", "high", "low", "open"], read: candle),
    ]

    private static func address(_ kind: String) -> ArchiveSeries.Address {
        .known { symbol, period in
            let month = period.name.filter { $0 != "-" }
            return "\(host)/futures_usdt/\(kind)/\(month)/\(percentEncoded(symbol))-\(month).csv.gz"
        }
    }

    @Sendable private static func settlement(
        _ row: CSVRow, _ subject: ArchiveSubject
    ) throws(FieldError) -> ArchiveFact {
        guard let symbol = subject.symbol else { throw .missing(field: "symbol") }
        return .settlement(
            SettlementDraft(
                symbol: symbol, settledAt: try row.slot(0, step: 60_000), fundingRate: try row.number(1)))
    }

    /// Volume counts contracts.
    @Sendable private static func candle(_ row: CSVRow, _ subject: ArchiveSubject) throws(FieldError) -> ArchiveFact {
        guard let symbol = subject.symbol else { throw .missing(field: "symbol") }
        var candle = CandleDraft(
            symbol: symbol, priceKind: .last, from: try row.slot(0, step: Hour.milliseconds), open: try row.price(5),
            high: try row.price(3), low: try row.price(4), close: try row.price(2))
        candle.volumeContracts = try row.optionalNonNegative(1)
        return .candle(candle)
    }
}
