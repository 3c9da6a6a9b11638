import PerpCore

/// An hour of a contract's past, in the exchange's units: prices in quote currency, volume in base units.
struct PastCandle {
    /// UTC milliseconds of the hour's start.
    let from: Int64
    let open, high, low, close: Double
    let volume: Double
    /// Volume in quote currency.
    let turnover: Double
    let trades: Int64
}

/// Which price a candle is of.
enum PastPrice {
    case last, mark, index

    fileprivate func of(_ quote: SimulatedQuote) -> Double {
        switch self {
        case .last: quote.last
        case .mark: quote.mark
        case .index: quote.index
        }
    }
}

extension Moment {
    static let hourLength: Int64 = 3_600_000

    /// The same exchange at another time.
    func at(_ time: Int64) -> Moment {
        Moment(
            market: market, exchange: exchange, hour: Hour(containing: Timestamp(milliseconds: time)), time: time)
    }

    /// The hours of a contract's life in a span, oldest first, by their starts: from its listing to the hour that runs now,
    /// or in which it was frozen.
    ///
    /// - Parameters:
    ///   - from: UTC milliseconds; an hour that begins before it is not among them.
    ///   - to: UTC milliseconds; an hour that begins at it or later is not among them.
    func pastHours(of listing: SimulatedListing, from: Int64, to: Int64) -> [Int64] {
        let length = Self.hourLength
        let first = (max(from, listing.listedAt, 0) + length - 1) / length * length
        let end = min(to, min(time, listing.frozenAt ?? .max) + 1)
        return first < end ? Array(stride(from: first, to: end, by: Int(length))) : []
    }

    /// The candles of the given hours, which are in order; the last one may still run, and is then what it is so far.
    ///
    /// Volumes are such that 24 hours of them come near the day's volume that tickers state: an hour has the 24th part of
    /// the day around it.
    func candles(of listing: SimulatedListing, hours: [Int64], price: PastPrice) -> [PastCandle] {
        var edge: (time: Int64, price: Double)?
        return hours.map { from in
            let end = min(from + Self.hourLength, time)
            let open = edge?.time == from ? edge!.price : price.of(at(from).quote(listing))  // the same edge
            let close = price.of(at(end).quote(listing))
            edge = (end, close)
            let middle = price.of(at((from + end) / 2).quote(listing))
            let day = price == .last ? at(end + 12 * Self.hourLength).quote(listing) : nil
            let part = Double(end - from) / Double(24 * Self.hourLength)
            let volume = (day?.volume ?? 0) * part
            return PastCandle(
                from: from, open: open, high: max(open, close, middle), low: min(open, close, middle), close: close,
                volume: volume, turnover: volume * (open + close) / 2,
                trades: Int64(Double(day?.trades ?? 0) * part))
        }
    }

    /// The settlements of a contract in a span, oldest first: the instants of the grid, both ends of the span included.
    func settlements(of listing: SimulatedListing, from: Int64, to: Int64) -> [Int64] {
        let end = min(to, time, listing.frozenAt ?? .max)
        func grid(_ hours: Int, _ from: Int64, _ end: Int64) -> [Int64] {
            let step = Int64(hours) * Self.hourLength
            let first = (max(from, listing.listedAt, 1) + step - 1) / step * step
            return first <= end ? Array(stride(from: first, through: end, by: Int(step))) : []
        }
        guard let past = listing.pastInterval else { return grid(listing.interval, from, end) }
        return grid(past.hours, from, min(end, past.until)) + grid(listing.interval, max(from, past.until + 1), end)
    }

    /// The hours of a contract's life that an answer has room for, oldest first: from the start of the span on when it has
    /// one, else the newest ones. Both ends of the span are included.
    func pastHours(of listing: SimulatedListing, from start: Int64?, to end: Int64?, limit: Int64) -> [Int64] {
        let last = min(end ?? time, time)
        let first = start ?? last - (limit + 1) * Self.hourLength
        guard first <= last else { return [] }
        // Not more than there is room for: a span may be as long as one likes.
        let lead = max(first, listing.listedAt)
        let to = start == nil ? last + 1 : min(last, lead + (limit + 1) * Self.hourLength) + 1
        let hours = pastHours(of: listing, from: first, to: to)
        return Array(start == nil ? hours.suffix(Int(limit)) : hours.prefix(Int(limit)))
    }

    /// The newest hours of a contract's life in a span that an answer has room for, newest first.
    func newestHours(of listing: SimulatedListing, from start: Int64 = 0, before end: Int64?, limit: Int64) -> [Int64] {
        let to = max(0, min(end ?? .max, min(time, listing.frozenAt ?? .max) + 1))
        let first = max(start, to - (limit + 1) * Self.hourLength)
        return pastHours(of: listing, from: first, to: to).suffix(Int(limit)).reversed()
    }
}
