import PerpCore

/// A hash of what a backtest reads, the same on every machine: FNV-1a over words of 64 bits, with a shift that mixes in
/// their upper bits.
struct FactsHash {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01b3 ^ (value >> 29) }

    mutating func add(_ number: Int64) { add(UInt64(bitPattern: number)) }

    /// A number; unknown is another one than zero.
    mutating func add(_ number: Double?) {
        add(number == nil ? UInt64(0) : 1)
        if let number { add(number.bitPattern) }
    }

    mutating func add(_ text: String?) {
        add(UInt64(text.map { $0.utf8.count + 1 } ?? 0))
        for byte in (text ?? "").utf8 { add(UInt64(byte)) }
    }
}

extension BacktestFacts {
    /// The hash of the events and of all that is stored of their contracts: 16 hexadecimal digits.
    public var hash: String {
        var hash = FactsHash()
        for event in events { event.add(to: &hash) }
        for contract in contracts { contract.add(to: &hash) }
        let digits = String(hash.value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension BacktestEvent {
    fileprivate func add(to hash: inout FactsHash) {
        for text in [key, strategy.name, direction.rawValue, asset, regime, trend72] { hash.add(text) }
        for number in [decided.start, Int64(confidence), Int64(adjusted)] { hash.add(number) }
        hash.add(sigma24)
        for leg in [legs?.short, legs?.long] {
            hash.add(leg?.exchange.id)
            hash.add(leg?.symbol)
            hash.add(leg?.isSpot == true ? UInt64(1) : 0)
        }
    }
}

extension ContractHistory {
    fileprivate func add(to hash: inout FactsHash) {
        for text in [contract.exchange.id, contract.symbol, contract.asset, "\(contract.kind)"] { hash.add(text) }
        hash.add(Int64(rows.count))
        for row in rows {
            hash.add(row.hour.start)
            hash.add(row.observedAt.milliseconds)
            hash.add(row.nextFundingAt?.milliseconds ?? 0)
            for number in [
                row.markPrice, row.bidPrice, row.askPrice, row.volumeUSD24h, row.fundingRate, row.fundingIntervalHours,
            ] { hash.add(number) }
        }
        for settlement in settlements {
            hash.add(settlement.settledAt.milliseconds)
            hash.add(settlement.fundingRate)
        }
    }
}
