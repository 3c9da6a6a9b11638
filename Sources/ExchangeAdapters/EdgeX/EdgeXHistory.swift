import JSONReader
import PerpCore

/// What edgeX tells of the past: pages that name the next one, newest first. The end does not belong to a span.
///
/// Source: https://edgex-1.gitbook.io/edgeX-documentation/api/public-api/funding-api and the page on quotes beside it
extension EdgeX {
    static let history: [HistoryEndpoint] = [
        // Without the filter there is a row for each minute.
        HistoryEndpoint(
            .funding, "history_funding", host, limit: "requests", paging: .tokens(nextPage),
            ask: {
                EndpointCall(
                    base + "/funding/getFundingRatePage?contractId=\($0.id)&size=100&filterSettlementFundingRate=true"
                        + "&filterBeginTimeInclusive=\($0.from.milliseconds)"
                        + "&filterEndTimeExclusive=\($0.to.milliseconds)\(page($0))")
            },
            read: readSettlements),
        candles(.candles, "LAST_PRICE"), candles(.markCandles, "ORACLE_PRICE"),
        candles(.indexCandles, "INDEX_PRICE"),
    ]

    private static func candles(_ dataset: HistoryDataset, _ price: String) -> HistoryEndpoint {
        HistoryEndpoint.candles(
            dataset, host, limit: "requests", paging: .tokens(nextPage),
            ask: {
                EndpointCall(
                    base + "/quote/getKline?contractId=\($0.id)&priceType=\(price)&klineType=HOUR_1&size=1000"
                        + "&filterBeginKlineTimeInclusive=\($0.from.milliseconds)"
                        + "&filterEndKlineTimeExclusive=\($0.to.milliseconds)\(page($0))")
            },
            read: readCandles)
    }

    private static func page(_ question: HistoryQuestion) -> String {
        question.token.map { "&offsetData=\(percentEncoded($0))" } ?? ""
    }

    /// Shape: `data.nextPageOffsetData`, blank on the last page.
    @Sendable private static func nextPage(_ response: Response) -> String? {
        response.body.member("data")?.text("nextPageOffsetData").flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The contract that was asked about, which rows and request name by its id only.
    private static func askedContract(_ response: Response, _ batch: Batch) throws(AdapterError) -> String {
        let id = response.parameter("contractId") ?? ""
        guard let symbol = response.symbol ?? batch.symbol(withID: id) else {
            throw .unexpectedShape(expected: "a request that names its contract")
        }
        return symbol
    }

    /// Shape: `data.dataList[]`. `fundingTime` is the settlement, `fundingRate` what was paid; rows of other minutes are not
    /// settlements.
    private static func readSettlements(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let symbol = try askedContract(response, batch)
        for row in try list(response.body, in: "data", "dataList") {
            batch.addSettlement(row) { (row) throws(FieldError) in
                let time = try row.milliseconds("fundingTime")
                let rate = try row.number("fundingRate")
                guard try row.optionalBool("isSettlement") ?? true else { return nil }
                return SettlementDraft(symbol: symbol, settledAt: time, fundingRate: rate)
            }
        }
    }

    /// Shape: `data.dataList[]`, `klineTime` the start of the hour. `size` is in base units, `value` in quote units.
    private static func readCandles(
        _ response: Response, into batch: inout Batch, _ price: CandlePrice
    ) throws(AdapterError) {
        let symbol = try askedContract(response, batch)
        for row in try list(response.body, in: "data", "dataList") {
            batch.addCandle(row) { (row) throws(FieldError) in
                CandleDraft(
                    symbol: symbol, priceKind: price, from: try row.milliseconds("klineTime"),
                    open: try row.positive("open"), high: try row.positive("high"), low: try row.positive("low"),
                    close: try row.positive("close"),
                    volumeBase: price == .last ? try row.optionalNonNegative("size") : nil,
                    volumeQuote: price == .last ? try row.optionalNonNegative("value") : nil)
            }
        }
    }
}
