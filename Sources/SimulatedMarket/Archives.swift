import Gzip
import PerpCore

/// The files of days and months that Binance, OKX and Gate publish, of the simulated market: what their API tells of the same
/// hours, with the defects that such files have.
struct SimulatedArchives {
    let moment: Moment
    let request: SimulatedRequest

    /// The reply to a call for a file, for its checksum or for the names of files; `nil` for any other call.
    func respond() -> ExchangeReply? {
        switch request.exchange {
        case .binance, .binanceCOINM: request.path.hasPrefix("/data/futures/") ? binance() : nil
        case .okx:
            request.path == "/api/v5/public/market-data-history"
                ? okxList() : request.path.hasPrefix(Self.okxFolder) ? okx() : nil
        case .gate: request.path.hasPrefix("/futures_usdt/") ? gate() : nil
        default: nil
        }
    }

    private var notFound: ExchangeReply {
        ExchangeReply(
            text: "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>",
            status: 404,
            contentType: "application/xml")
    }

    private func file(_ bytes: [UInt8]) -> ExchangeReply {
        var reply = ExchangeReply(text: "", status: 200, contentType: "application/octet-stream")
        reply.body = bytes
        return reply
    }

    /// A span of time that has a file, once it has been published.
    private struct Period {
        let from, to: Int64

        /// `2026-11-01`, `2026-11` or `202611`.
        init?(_ name: Substring) {
            let digits = name.filter { $0 != "-" }
            guard let number = Int64(digits), digits.count == 8 || digits.count == 6 else { return nil }
            let isDay = digits.count == 8
            let (year, month, day) =
                isDay ? (number / 10_000, number / 100 % 100, number % 100) : (number / 100, number % 100, 1)
            guard (2000...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
            let first = CalendarDay(year: year, month: month, day: day)
            let next = month == 12 ? (year + 1, Int64(1)) : (year, month + 1)
            from = first.start * 1000
            to = (isDay ? first.next : CalendarDay(year: next.0, month: next.1, day: 1)).start * 1000
        }
    }

    private func isPublished(_ end: Int64, afterHours hours: Int64) -> Bool {
        end + hours * Moment.hourLength <= moment.time
    }

    /// What decides about the defects of a file.
    private func defect(_ name: some StringProtocol) -> UInt64 { Noise.hash(name, seed: moment.market.seed) }

    // MARK: - Binance

    /// `/data/futures/um/daily/metrics/BTCUSDT/BTCUSDT-metrics-2026-11-01.zip`
    private func binance() -> ExchangeReply {
        let isSum = request.path.hasSuffix(".CHECKSUM")
        let path = isSum ? request.path.dropLast(".CHECKSUM".count) : request.path[...]
        let parts = path.split(separator: "/")
        let market = request.exchange == .binance ? "um" : "cm"
        guard parts.count >= 7, parts[2] == market, let name = parts.last, name.hasSuffix(".zip") else {
            return notFound
        }
        let stem = name.dropLast(4)
        let isDaily = parts[3] == "daily"
        guard let period = Period(stem.suffix(isDaily ? 10 : 7)), let text = rows(parts, stem, period, isDaily) else {
            return notFound
        }
        let zip = Packing.zip(text, name: "\(stem).csv")
        guard isSum else { return file(zip) }
        // A few checksums are false.
        let sum = defect(name) % 64 == 9 ? SHA256.hexadecimal(of: Array(name.utf8)) : SHA256.hexadecimal(of: zip)
        return ExchangeReply(text: "\(sum)  \(name)\n", status: 200)
    }

    private func rows(_ parts: [Substring], _ stem: Substring, _ period: Period, _ isDaily: Bool) -> [UInt8]? {
        let symbol = String(parts[5])
        let isIndexOfCoin = request.exchange == .binanceCOINM && parts[4] == "indexPriceKlines"
        guard let listing = moment.listing(isIndexOfCoin ? symbol + "_PERP" : symbol) else { return nil }
        switch parts[4] {
        case "metrics":
            return isDaily && isPublished(period.to, afterHours: 36) ? metrics(listing, stem, period) : nil
        case "fundingRate":
            return !isDaily && isPublished(period.to, afterHours: 24) ? funding(listing, stem, period) : nil
        case "klines": return candles(listing, .last, stem, period, isDaily)
        case "markPriceKlines": return candles(listing, .mark, stem, period, isDaily)
        case "indexPriceKlines": return candles(listing, .index, stem, period, isDaily)
        default: return nil
        }
    }

    private func isInverse() -> Bool { request.exchange == .binanceCOINM }

    /// Rows of every five minutes, the first at 00:00 or at 00:05; some files have rows twice, or lack some.
    private func metrics(_ listing: SimulatedListing, _ name: Substring, _ period: Period) -> [UInt8] {
        let defect = defect(name)
        let step: Int64 = 300_000
        let lead = defect % 2 == 0 ? 0 : step
        var csv = Table()
        csv.line(
            "create_time,symbol,sum_open_interest,sum_open_interest_value,count_toptrader_long_short_ratio,"
                + "sum_toptrader_long_short_ratio,count_long_short_ratio,sum_taker_long_short_vol_ratio")
        for time in stride(
            from: max(period.from, listing.listedAt / step * step) + lead, to: period.to + lead, by: Int(step))
        {
            let minute = (time - period.from) / 60_000
            if defect / 2 % 8 == 1, (180..<245).contains(minute) { continue }
            metric(&csv, listing, time)
            if defect / 2 % 8 == 2, minute % 240 == 0 { metric(&csv, listing, time) }
            if defect / 2 % 8 == 3, minute == 600 { metric(&csv, listing, time, factor: 1.001) }
        }
        return csv.bytes
    }

    private func metric(_ csv: inout Table, _ listing: SimulatedListing, _ time: Int64, factor: Double = 1) {
        let then = moment.at(time)
        let quote = then.quote(listing)
        let coins = quote.openInterest * factor
        let stamp = String("\(Timestamp(milliseconds: time))".prefix(19)).replacing("T", with: " ")
        let ratios = [UInt64(1), 2, 0, 3].map { population in
            let long = (then.longFraction(listing, population: population, at: time) * 1e4).rounded() / 1e4
            return Table.decimal(long / (1 - long), 8)
        }
        let contracts = Table.decimal((coins * quote.mark / listing.contractSize).rounded(), 0)
        let figures =
            isInverse()
            ? [contracts, Table.decimal(coins, 8)] : [Table.decimal(coins, 8), Table.decimal(coins * quote.mark, 8)]
        csv.row([stamp, String(decoding: listing.symbol, as: UTF8.self)] + figures + ratios)
    }

    private func funding(_ listing: SimulatedListing, _ name: Substring, _ period: Period) -> [UInt8] {
        var csv = Table()
        if defect(name) % 2 == 0 { csv.line("calc_time,funding_interval_hours,last_funding_rate") }
        for time in moment.settlements(of: listing, from: period.from, to: period.to - 1) {
            let rate = Table.decimal(moment.fundingRate(listing, at: time), 8)
            csv.row(["\(time + Int64(listing.key % 20))", "\(listing.interval)", rate])
        }
        return csv.bytes
    }

    private func candles(
        _ listing: SimulatedListing, _ price: PastPrice, _ name: Substring, _ period: Period, _ isDaily: Bool
    ) -> [UInt8]? {
        guard isPublished(period.to, afterHours: isDaily ? 8 : 24) else { return nil }
        var csv = Table()
        if defect(name) % 2 == 0 {
            csv.line(
                "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
                    + "taker_buy_quote_volume,ignore")
        }
        let hours = moment.pastHours(of: listing, from: period.from, to: period.to)
        let places = price == .last ? listing.pricePlaces : 8
        for candle in moment.candles(of: listing, hours: hours, price: price) {
            var (volume, turnover) = (candle.volume, candle.turnover)
            var digits = (listing.quantityPlaces, 5)
            if isInverse() {
                let middle = (candle.open + candle.close) / 2
                (volume, turnover) = ((volume * middle / listing.contractSize).rounded(), volume)
                digits = (0, 8)
            }
            let prices = [candle.open, candle.high, candle.low, candle.close].map { Table.decimal($0, places) }
            let amounts =
                price == .last ? [Table.decimal(volume, digits.0), Table.decimal(turnover, digits.1)] : ["0", "0"]
            csv.row(
                ["\(candle.from)"] + prices + [amounts[0], "\(candle.from + Moment.hourLength - 1)", amounts[1]]
                    + ["\(candle.trades)", "0", "0", "0"])
        }
        return csv.bytes
    }

    // MARK: - OKX

    private static let okxFolder = "/cdn/okex/traderecords/swaprates/daily/"
    /// Days are those of UTC+8.
    private static let okxLead = 8 * Moment.hourLength

    /// The names of the files of days, by the starts of days of UTC.
    private func okxList() -> ExchangeReply {
        let day: Int64 = 86_400_000
        let begin = max(0, request.number("begin") ?? 0) / day
        let end = min(request.number("end") ?? 0, moment.time) / day
        var json = JSONBytes()
        json.begin()
        json.text("code", "0")
        json.text("msg", "")
        json.list("data")
        json.begin()
        json.text("dateAggrType", "daily")
        json.list("details")
        json.begin()
        json.text("instType", "SWAP")
        json.list("groupDetails")
        for number in begin <= end && end - begin < 20 ? Array(begin...end) : [] {
            let name = "\(CalendarDay(number: number))"
            guard isPublished((number + 1) * day - Self.okxLead, afterHours: 24) else { continue }
            let file = "allswap-fundingrates-\(name).zip"
            json.begin()
            json.text("filename", file)
            json.text("url", "https://static.okx.com\(Self.okxFolder)\(name.filter { $0 != "-" })/\(file)?v=999")
            json.end()
        }
        json.endList()
        json.end()
        json.endList()
        json.end()
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    private func okx() -> ExchangeReply {
        guard let name = request.path.split(separator: "/").last, name.hasSuffix(".zip"),
            let period = Period(name.dropLast(4).suffix(10)),
            isPublished(period.to - Self.okxLead, afterHours: 24)
        else { return notFound }
        var csv = Table()
        // A translation stands behind each name, in an encoding of its own.
        csv.bytes += Array("instrument_name/".utf8) + [0xBA, 0xCF] + Array(",funding_rate/".utf8) + [0xB7, 0xD1]
        csv.line(",funding_time")
        for listing in moment.listings() where listing.isPerpetual {
            let times = moment.settlements(
                of: listing, from: period.from - Self.okxLead, to: period.to - Self.okxLead - 1)
            for time in times {
                let rate = Table.decimal(moment.fundingRate(listing, at: time), 16)
                csv.row([String(decoding: listing.symbol, as: UTF8.self), rate, "\(time)"])
            }
        }
        return file(Packing.zip(csv.bytes, name: "\(name.dropLast(4)).csv"))
    }

    // MARK: - Gate

    /// `/futures_usdt/candlesticks_1h/202611/BTC_USDT-202611.csv.gz`
    private func gate() -> ExchangeReply {
        let parts = request.path.split(separator: "/")
        guard parts.count == 4, let period = Period(parts[2]), parts[3].hasSuffix("-\(parts[2]).csv.gz"),
            let listing = moment.listing(String(parts[3].dropLast(parts[2].count + 8))),
            isPublished(period.to, afterHours: 72)
        else { return notFound }
        var csv = Table()
        switch parts[1] {
        case "funding_applies":
            for time in moment.settlements(of: listing, from: period.from, to: period.to - 1) {
                // Odd seconds occur.
                let late = Noise.hash(listing.key, time) % 3
                csv.row(["\(time / 1000 + Int64(late))", Table.decimal(moment.fundingRate(listing, at: time), 6)])
            }
        case "candlesticks_1h":
            let hours = moment.pastHours(of: listing, from: period.from, to: period.to)
            for candle in moment.candles(of: listing, hours: hours, price: .last) {
                let volume = Table.decimal((candle.volume / listing.contractSize).rounded(), 0)
                let prices = [candle.close, candle.high, candle.low, candle.open]
                csv.row(["\(candle.from / 1000)", volume] + prices.map { Table.decimal($0, listing.pricePlaces) })
            }
        default: return notFound
        }
        return file(Packing.gzip(csv.bytes))
    }
}

/// Lines of values with commas.
private struct Table {
    var bytes: [UInt8] = []

    mutating func line(_ text: String) {
        bytes += text.utf8
        bytes.append(0x0A)
    }

    mutating func row(_ fields: [String]) { line(fields.joined(separator: ",")) }

    /// A decimal without zeros at its end, at most `places` digits after the point.
    static func decimal(_ value: Double, _ places: Int) -> String {
        var json = JSONBytes()
        json.number(value, places)
        return String(decoding: json.finished(), as: UTF8.self)
    }
}

/// Archives around bytes.
enum Packing {
    static func gzip(_ content: [UInt8]) -> [UInt8] {
        let output = ByteBuffer(capacity: content.count / 4 + 64)
        content.withUnsafeBufferPointer { Deflater(for: .size).deflate($0, into: output) }
        return output.array
    }

    /// A zip with one file. A gzip member is a header of ten bytes, what a zip has too, the checksum and the size.
    static func zip(_ content: [UInt8], name: String) -> [UInt8] {
        let member = gzip(content)
        let data = member[10..<member.count - 8]
        let sum = member.suffix(8).prefix(4)
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let name = Array(name.utf8)
        let shared =
            little(20, 2) + little(0, 2) + little(8, 2) + little(0, 2) + little(0x21, 2) + sum + little(data.count, 4)
            + little(content.count, 4) + little(name.count, 2) + little(0, 2)
        let local = little(0x0403_4B50, 4) + shared + name + data
        let entry = little(0x0201_4B50, 4) + little(20, 2) + shared + little(0, 10) + little(0, 4) + name
        let end = little(0x0605_4B50, 4) + little(0, 4) + little(1, 2) + little(1, 2) + little(entry.count, 4)
        return local + entry + end + little(local.count, 4) + little(0, 2)
    }
}
