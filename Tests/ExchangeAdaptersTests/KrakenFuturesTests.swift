import ExchangeAdapters
import PerpCore
import Testing

@Suite("Kraken Futures")
struct KrakenFuturesTests {
    private func instruments(_ rows: String...) -> TestResponse {
        TestResponse(
            "instruments",
            #"{"result":"success","instruments":[\#(rows.joined(separator: ","))],"serverTime":"2026-03-10T00:00:01.000Z"}"#)
    }

    private func tickers(_ rows: String...) -> TestResponse {
        TestResponse(
            "tickers",
            #"{"result":"success","serverTime":"2025-11-17T00:34:37.524Z","tickers":[\#(rows.joined(separator: ","))]}"#)
    }

    private func listed(
        _ symbol: String, type: String = "flexible_futures", more: String = #","tradfi":false"#
    ) -> String {
        #"{"symbol":"\#(symbol)","type":"\#(type)","tickSize":0.1,"contractSize":1,"tradeable":true,"openingDate":"2022-03-22T13:18:45Z"\#(more)}"#
    }

    @Test("S1: the rate of an inverse contract is coins per dollar and hour: times the mark price it is a fraction")
    func inverse() throws {
        let hour = try stage(
            .krakenFutures, instruments(listed("PI_XBTUSD", type: "futures_inverse")),
            tickers(
                #"{"symbol":"PI_XBTUSD","last":91415.0,"lastTime":"2025-11-17T00:31:01.835715Z","tag":"perpetual","pair":"XBT:USD","markPrice":91506.6009839176,"bid":91415.0,"ask":91490.5,"vol24h":21118140.0,"volumeQuote":260138.8647,"openInterest":21279580.0,"open24h":90000.0,"fundingRate":-3.995839963e-09,"fundingRatePrediction":6.272058425e-08,"suspended":false,"indexPrice":91468.38,"postOnly":false,"change24h":1.57}"#))
        let ticker = try hour.ticker("PI_XBTUSD")
        #expect(ticker.asset == "BTC" && ticker.kind == .inverse && ticker.contract == .perpetual)
        #expect(close(ticker.fundingRate, -0.0003656457330898331) && ticker.fundingIntervalHours == 1)
        #expect(close(ticker.fundingRate8h, -0.0029251658647186647))
        #expect(ticker.openInterestUSD == 21_279_580 && ticker.openInterestContracts == 21_279_580)
        #expect(close(ticker.openInterestBase, 232.5469394687703))
        // Dollars; what the exchange calls the quote volume of an inverse contract is neither dollars nor coins.
        #expect(ticker.volumeUSD24h == 21_118_140 && ticker.volumeBase24h == nil)
        #expect(close(ticker.priceChange24h, 0.0157))
        #expect(ticker.observedAt.description == "2025-11-17T00:34:37.524Z")
        #expect(ticker.nextFundingAt?.description == "2025-11-17T01:00:00.000Z")
        let instrument = try hour.instrument("PI_XBTUSD")
        #expect(instrument.base == "XBT" && instrument.quote == "USD" && instrument.settle == "XBT")
        #expect(instrument.contractMultiplier == 1 && instrument.fundingIntervalHours == 1)
        #expect(instrument.listedAt?.description == "2022-03-22T13:18:45.000Z")
    }

    @Test("S2: the rate of a linear contract is dollars per coin and hour: over the mark price it is a fraction")
    func linear() throws {
        let ticker = try stage(
            .krakenFutures, instruments(listed("PF_ETHUSD")),
            tickers(
                #"{"symbol":"PF_ETHUSD","last":3200.5,"tag":"perpetual","markPrice":3205.25,"bid":3200.0,"ask":3210.5,"vol24h":500000.0,"volumeQuote":1600000.0,"openInterest":1000000.0,"open24h":3150.0,"fundingRate":1.5e-05,"suspended":false,"indexPrice":3202.75,"postOnly":false,"change24h":1.6}"#)
        ).ticker("PF_ETHUSD")
        #expect(ticker.kind == .linear && ticker.quote == "USD")
        #expect(close(ticker.fundingRate, 4.679822166757663e-09))
        #expect(ticker.openInterestBase == 1_000_000 && ticker.openInterestUSD == 3_205_250_000)
        #expect(close(ticker.priceChange24h, 0.016))
        #expect(ticker.volumeBase24h == 500_000 && ticker.volumeUSD24h == 1_600_000)
        #expect(ticker.indexPrice == 3202.75 && ticker.bidPrice == 3200 && ticker.askPrice == 3210.5)
    }

    @Test("KR1: a small linear contract, and a change in percent")
    func small() throws {
        let ticker = try stage(
            .krakenFutures,
            tickers(
                #"{"symbol":"PF_ENJUSD","last":0.0433,"markPrice":0.0434,"vol24h":1696,"volumeQuote":73.5216,"openInterest":72513,"fundingRate":-0.000000756414717067,"suspended":false,"postOnly":false,"change24h":-0.46}"#)
        ).ticker("PF_ENJUSD")
        #expect(close(ticker.fundingRate, -1.74289105314977e-05) && ticker.fundingIntervalHours == 1)
        #expect(close(ticker.openInterestUSD, 3147.0642) && ticker.volumeUSD24h == 73.5216)
        #expect(close(ticker.priceChange24h, -0.0046))
        #expect(ticker.assetClass == nil)
    }

    @Test("bodies of 2019: lower case, no change of the day, indices among the contracts, dated and cross contracts")
    func old() throws {
        let hour = try stage(
            .krakenFutures,
            instruments(
                #"{"symbol":"pi_xbtusd","type":"futures_inverse","underlying":"rr_xbtusd","contractSize":1,"tradeable":true}"#,
                #"{"symbol":"fi_ltcusd_191129","type":"futures_inverse","lastTradingTime":"2019-11-29T16:00:00.000Z","contractSize":1,"tradeable":true}"#,
                #"{"symbol":"pv_xrpxbt","type":"futures_vanilla","contractSize":1,"tradeable":true}"#,
                #"{"symbol":"in_xbtusd","type":"spot index","tradeable":false}"#),
            tickers(
                #"{"tag":"perpetual","pair":"XBT:USD","symbol":"pi_xbtusd","markPrice":8797.2,"vol24h":57572223,"openInterest":24349905,"open24h":8846.5,"last":8797.5,"suspended":false,"fundingRate":0.000000005539059657}"#,
                #"{"tag":"month","pair":"LTC:USD","symbol":"fi_ltcusd_191129","markPrice":62.13,"vol24h":108400,"openInterest":290794,"open24h":63.03,"last":62.11,"suspended":false}"#,
                #"{"tag":"perpetual","pair":"XRP:XBT","symbol":"pv_xrpxbt","markPrice":0.00003122,"vol24h":351735,"openInterest":366179,"last":0.00003112,"fundingRate":0.000000004741878116}"#,
                #"{"symbol":"in_xbtusd","last":8798,"lastTime":"2019-11-11T07:14:42.000Z"}"#))
        #expect(hour.rejections.isEmpty)
        #expect(hour.tickers.map(\.symbol) == ["fi_ltcusd_191129", "pi_xbtusd", "pv_xrpxbt"])
        let btc = try hour.ticker("pi_xbtusd")
        #expect(close(btc.priceChange24h, 8797.5 / 8846.5 - 1))
        #expect(close(btc.fundingRate, 0.000000005539059657 * 8797.2))
        // A class that the exchange does not state is not taken for stated.
        #expect(try !hour.instrument("pi_xbtusd").isClassStated)
        let dated = try hour.ticker("fi_ltcusd_191129")
        #expect(dated.contract == .dated && dated.fundingRate == nil && dated.openInterestUSD == 290_794)
        let cross = try hour.ticker("pv_xrpxbt")
        #expect(cross.quote == "XBT" && cross.openInterestUSD == nil && cross.openInterestBase == 366_179)
        #expect(close(cross.fundingRate, 0.000151885910185778))
    }

    @Test("what the exchange does not call a coin is no coin", arguments: [("PF_XAUUSD", "commodity:XAU"), ("PF_QNTUSD", "other:QNT"), ("PF_TSLAUSD", "stock:TSLA")])
    func classes(symbol: String, asset: String) throws {
        let hour = try stage(.krakenFutures, instruments(listed(symbol, more: #","tradfi":true"#)))
        #expect(try hour.instrument(symbol).asset == asset)
    }

    @Test("a market that is suspended, or takes posted orders only, has no ticker, whichever response says so")
    func halted() throws {
        let rows = ["suspended", "postOnly"].map {
            #"{"symbol":"PF_\#($0.prefix(1).uppercased())USD","last":1,"markPrice":1,"openInterest":5,"\#($0)":true}"#
        }
        let list = instruments(
            listed("PF_SUSD"), listed("PF_PUSD"), listed("PF_TUSD").replacing(#""tradeable":true"#, with: #""tradeable":false"#),
            listed("PF_QUSD", more: #","postOnly":true"#))
        for responses in [[list, tickers(rows[0], rows[1])], [tickers(rows[0], rows[1]), list]] {
            let hour = try stage(.krakenFutures, responses)
            #expect(hour.instruments.map(\.status) == [.suspended, .suspended, .suspended, .suspended])
            #expect(hour.tickers.isEmpty)
        }
        #expect(try stage(.krakenFutures, tickers(rows[0])).tickers.isEmpty)
    }

    @Test("an unknown type, a bad date, a null element are rows with a reason")
    func unknown() throws {
        let hour = try stage(
            .krakenFutures,
            instruments(
                listed("PF_ETHUSD"), listed("PF_AUSD", type: "futures_quanto"), listed("ZZ_AUSD"),
                listed("PF_BUSD", more: #","tradfi":"no""#),
                listed("PF_CUSD").replacing("2022-03-22T13:18:45Z", with: "yesterday"), "null"),
            tickers(#"{"symbol":"PF_ETHUSD","markPrice":"n/a"}"#, #"{"symbol":"PF_AUSD","markPrice":"2","openInterest":"-1"}"#))
        #expect(hour.instruments.map(\.symbol) == ["PF_ETHUSD"])
        #expect(
            hour.rejections.map(\.field) == ["type", "symbol", "tradfi", "openingDate", "row", "markPrice", "openInterest"])
        #expect(hour.tickers.isEmpty)
    }

    @Test("a rate without a mark price is no rate, and 0 is no price")
    func withoutMark() throws {
        let ticker = try stage(
            .krakenFutures, tickers(#"{"symbol":"PF_ETHUSD","last":3000,"markPrice":0,"fundingRate":0.01,"openInterest":"4"}"#)
        ).ticker("PF_ETHUSD")
        #expect(ticker.markPrice == nil && ticker.fundingRate == nil && ticker.fundingIntervalHours == nil)
        #expect(ticker.openInterestUSD == 12_000)
    }

    @Test("of a year of settlements the three newest are kept, in either order, with the relative rate")
    func settlements() throws {
        let rates = (0..<6).map {
            #"{"timestamp":"2026-03-09T0\#($0):00:00Z","fundingRate":0.9,"relativeFundingRate":0.0000\#($0)}"#
        }
        let url = "https://futures.kraken.com/derivatives/api/v4/historicalfundingrates?symbol=PF_XBTUSD"
        for list in [rates, rates.reversed()] {
            let hour = try stage(
                .krakenFutures,
                TestResponse(
                    "historical_funding_rates", url: url,
                    #"{"result":"success","rates":[\#(list.joined(separator: ","))]}"#))
            #expect(hour.fundingSettlements.map(\.fundingRate).sorted() == [0.00003, 0.00004, 0.00005])
            #expect(hour.fundingSettlements.allSatisfy { $0.symbol == "PF_XBTUSD" && $0.asset == "BTC" })
        }
    }

    @Test("a history of trades tells of liquidations, whole and partial, under names of its own")
    func history() throws {
        func trade(_ id: Int, _ side: String, _ type: String) -> String {
            #"{"time":"2026-03-09T23:10:0\#(id).250Z","trade_id":\#(id),"price":80000,"size":0.5,"side":"\#(side)","type":"\#(type)","uid":"u\#(id)"}"#
        }
        let rows = [
            trade(4, "buy", "fill"), trade(3, "buy", "partial liquidation"), trade(2, "sell", "liquidation"),
            trade(1, "up", "liquidation"),
        ]
        let hour = try stage(
            .krakenFutures,
            TestResponse(
                "history", url: "https://futures.kraken.com/derivatives/api/v3/history?symbol=PF_XBTUSD&lastTime=x",
                #"{"result":"success","history":[\#(rows.joined(separator: ","))]}"#))
        #expect(hour.liquidations.map(\.side) == [.long, .short])
        #expect(hour.liquidations.map(\.id) == ["u2", "u3"])
        #expect(hour.liquidations.allSatisfy { $0.quantityBase == 0.5 && $0.valueUSD == 40_000 })
        #expect(hour.rejections.map(\.field) == ["side"])
    }

    @Test(
        "an error is in the result",
        arguments: [
            (#"{"result":"error","error":"apiLimitExceeded","serverTime":"2026-03-10T00:00:00Z"}"#, "apiLimitExceeded"),
            (#"{"result":"error","error":"Server Error","tickers":{}}"#, "Server Error"), (#"{"result":"error"}"#, "error"),
            ("{}", "the envelope has no 'result'"),
        ])
    func errors(body: String, text: String) throws {
        let hour = try stage(.krakenFutures, TestResponse("tickers", body))
        #expect(hour.recordCount == 0)
        #expect(hour.rejections.map(\.reason) == ["the venue answered with an error: '\(text)'"])
    }
}
