import PerpCore

extension StableHash {
    fileprivate mutating func add(_ number: Int64) { add(UInt64(bitPattern: number)) }

    /// A number; unknown is another one than zero.
    fileprivate mutating func add(_ number: Double?) {
        add(number == nil ? UInt64(0) : 1)
        if let number { add(number.bitPattern) }
    }

    fileprivate mutating func add(_ text: String?) {
        add(UInt64(text.map { $0.utf8.count + 1 } ?? 0))
        for byte in (text ?? "").utf8 { add(UInt64(byte)) }
    }
}

extension BacktestFacts {
    /// The hash of the events and of all that is stored of their contracts: 16 hexadecimal digits.
    public var hash: String {
        var hash = StableHash()
        for event in events { event.add(to: &hash) }
        for contract in contracts { contract.add(to: &hash) }
        return hash.value.hexadecimal
    }
}

extension BacktestEvent {
    fileprivate func add(to hash: inout StableHash) {
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
    fileprivate func add(to hash: inout StableHash) {
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
