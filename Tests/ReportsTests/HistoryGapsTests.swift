import PerpCore
import Testing

@testable import Reports

@Suite("What history can close, in words")
struct HistoryGapsTests {
    private let noon = Hour("2026-11-28T12")!  // a literal hour

    private func hole(_ exchange: Exchange, _ dataset: HistoryDataset, _ hours: ClosedRange<Int>) -> HistoryHole {
        HistoryHole.holes(of: exchange, missing: hours.map { noon.advanced(by: $0) }, at: noon.startTime)
            .first { $0.dataset == dataset }!  // every dataset has a hole
    }

    private func gap(_ hole: HistoryHole, answered: Int = 0, of contracts: Int = 0, isClosed: Bool = false) -> HistoryGaps.Hole {
        HistoryGaps.Hole(hole, answered: answered, of: contracts, isClosed: isClosed, at: noon.startTime)
    }

    @Test("without a missing hour there is nothing to say")
    func none() {
        #expect(HistoryGaps([]).text == "")
    }

    @Test("what can still be asked for has its end, what is gone its reason, and exchanges share a line")
    func sections() {
        let gaps = HistoryGaps([
            // OKX tells of liquidations for a day, Bitget for three; Binance never did.
            gap(hole(.okx, .liquidations, -6...(-4))), gap(hole(.bitget, .liquidations, -6...(-4))),
            gap(hole(.binance, .liquidations, -6...(-4))), gap(hole(.bybit, .liquidations, -6...(-4))),
            gap(hole(.okx, .candles, -6...(-4)), answered: 3, of: 200),
            gap(hole(.bybit, .candles, -6...(-4))), gap(hole(.gate, .candles, -6...(-4))),
            gap(hole(.deribit, .funding, -6...(-4)), answered: 199, of: 200, isClosed: true),
        ])
        #expect(
            gaps.text == """

                What make backfill can still ask for
                   • liquidations  2026-11-28 06:00 - 08:00 (3 h)  until 2026-11-29 06:00: OKX
                   • liquidations  2026-11-28 06:00 - 08:00 (3 h)  until 2026-12-01 06:00: Bitget
                   • candles  2026-11-28 06:00 - 08:00 (3 h)  at any time, answered for 3 of 200 contracts: OKX
                   • candles  2026-11-28 06:00 - 08:00 (3 h)  at any time: Bybit, Gate.io

                Gone for good
                   • liquidations  2026-11-28 06:00 - 08:00 (3 h)  never told afterwards: Binance, Bybit

                Closed by history

                """ + "   • funding  2026-11-28 06:00 - 08:00 (3 h): Deribit\n"
        )
        #expect(gaps.open.count == 5)
    }

    @Test("what was told for a while only is gone because it was asked for too late, unless it was closed in time")
    func tooLate() {
        let old = hole(.okx, .liquidations, -30...(-28))
        #expect(
            HistoryGaps([gap(old)]).text
                == "\nGone for good\n   • liquidations  2026-11-27 06:00 - 08:00 (3 h)  asked for too late: OKX\n")
        let closed = HistoryGaps([gap(old, answered: 1, of: 1, isClosed: true)])
        #expect(closed.text == "\nClosed by history\n   • liquidations  2026-11-27 06:00 - 08:00 (3 h): OKX\n")
        #expect(closed.open.isEmpty)
    }
}

@Suite("A month of the past in a line")
struct PastMonthTests {
    private let start = Hour("2026-11-01T00")!  // a literal hour

    private func candle(day: Int, hour: Int, close: Double) -> Candle {
        Candle(
            symbol: "BTCUSDT", asset: "BTC", priceKind: .last, from: start.advanced(by: 24 * day + hour).startTime, open: close,
            high: close, low: close, close: close)
    }

    private func settlement(day: Int, hour: Int, _ rate: Double, hours: Double?) -> FundingSettlement {
        FundingSettlement(
            symbol: "BTCUSDT", asset: "BTC", settledAt: start.advanced(by: 24 * day + hour).startTime, fundingRate: rate,
            fundingIntervalHours: hours)
    }

    @Test("without a candle there is no month")
    func empty() {
        #expect(Statistics.PastMonth(.bybit, candles: [], settlements: []) == nil)
    }

    @Test("the last price of each day, a gap for a day without one, and the mean of what was settled on it")
    func days() throws {
        let month = try #require(
            Statistics.PastMonth(
                .bybit,
                candles: [
                    candle(day: 0, hour: 5, close: 50), candle(day: 0, hour: 23, close: 100), candle(day: 1, hour: 23, close: 150),
                    // Nothing of the third day.
                    candle(day: 3, hour: 2, close: 180),
                ],
                settlements: [
                    // 0.01 % and 0.03 % for 8 h; then 0.02 % for 4 h, which is 0.04 % for 8 h.
                    settlement(day: 0, hour: 8, 0.0001, hours: 8), settlement(day: 0, hour: 16, 0.0003, hours: 8),
                    settlement(day: 3, hour: 4, 0.0002, hours: 4),
                ]))
        #expect(month.from == "2026-11-01" && month.to == "2026-11-04")
        #expect(month.closes == [100, 150, nil, 180])
        #expect(month.fundingRates.map { $0.map { ($0 * 1e6).rounded() } } == [200, nil, nil, 400])
        #expect(
            month.lines == [
                "BTC at Bybit (BTCUSDT), closes of 4 days to 2026-11-04:", "  ▁▆ █  100.00 → 180.00 (+80.0 %)",
                "Settled funding, percent for 8 hours, mean of each day:", "  ▁  █  0.0200 → 0.0400",
            ])
    }

    @Test("no more than thirty days are shown, the last ones")
    func thirty() throws {
        let candles = (0..<40).map { candle(day: $0, hour: 23, close: Double(100 + $0)) }
        let month = try #require(Statistics.PastMonth(.bybit, candles: candles, settlements: []))
        #expect(month.closes.count == 30)
        #expect(month.from == "2026-11-11" && month.to == "2026-12-10")
        #expect(month.closes.first == 110 && month.closes.last == 139)
        // Without settlements their lines are left out.
        #expect(month.lines.count == 2)
    }

    @Test("equal values are bars of one height, and no value is no line")
    func bars() {
        #expect(Statistics.PastMonth.bars([5, 5, nil, 5]) == "▄▄ ▄")
        #expect(Statistics.PastMonth.bars([nil]) == "")
        #expect(Statistics.PastMonth.bars([0, 7, 8]) == "▁██")
    }
}
