/// A coin with the parameters of its price path and its size.
struct Coin: Sendable {
    let name: String
    /// USD at a market factor of zero.
    let price: Double
    /// The size of the coin's own movement, as a fraction of the price.
    let wander: Double
    /// How strongly it follows the market.
    let beta: Double
    /// Turnover of perpetuals in USD per day, on all exchanges together.
    let dailyTurnover: Double
    /// Open interest as a fraction of the daily turnover.
    let depth: Double
    let key: UInt64

    init(name: String, price: Double, wander: Double, beta: Double, rank: Int, seed: UInt64) {
        self.name = name
        self.price = price
        self.wander = wander
        self.beta = beta
        key = Noise.hash(name, seed: seed)
        dailyTurnover = 60e9 / power(Double(rank) + 1, 1.3) * (0.6 + 0.8 * Noise.unit(key, 1))
        depth = 0.35 + 0.5 * Noise.unit(key, 2)
    }
}

/// All coins of a simulation, with an index by name.
struct Coins: Sendable {
    private(set) var all: [Coin] = []
    private var indexByName: [String: Int] = [:]
    /// The long tail by rank, as indices into `all`.
    private(set) var tail: [Int] = []
    private(set) var dead: [Int] = []
    private(set) var passing: [Int] = []

    init(seed: UInt64) {
        for entry in CoinNames.known.split(separator: "|") {
            let words = entry.split(whereSeparator: \.isWhitespace)
            guard words.count == 4, let price = Double(words[1]), let wander = Double(words[2]),
                let beta = Double(words[3])
            else { preconditionFailure("the table of known coins has a broken entry: \(entry)") }
            add(String(words[0]), price: price, wander: wander, beta: beta, seed: seed)
        }
        tail = addAll(CoinNames.tail, seed: seed)
        for name in CoinNames.foreign { add(name, seed: seed) }
        passing = addAll(CoinNames.passing, seed: seed)
        dead = addAll(CoinNames.dead, seed: seed)
    }

    /// The index of a coin in `all`. Traps when the tables do not name it.
    func index(of name: String) -> Int {
        guard let index = indexByName[name] else { preconditionFailure("no coin is called \(name)") }
        return index
    }

    private mutating func addAll(_ names: String, seed: UInt64) -> [Int] {
        names.split(whereSeparator: \.isWhitespace).map { add(String($0), seed: seed) }
    }

    /// Adds a coin of the tail, whose price level depends on its name only and is the same for every seed.
    @discardableResult
    private mutating func add(_ name: String, seed: UInt64) -> Int {
        let draw = Noise.hash(name)
        return add(
            name, price: power(10, -2.6 + 3.4 * Noise.unit(draw, 1)), wander: 0.4 + 0.6 * Noise.unit(draw, 2),
            beta: 1 + 0.6 * Noise.unit(draw, 3), seed: seed)
    }

    @discardableResult
    private mutating func add(
        _ name: String, price: Double, wander: Double, beta: Double, seed: UInt64
    ) -> Int {
        indexByName[name] = all.count
        all.append(
            Coin(name: name, price: price, wander: wander, beta: beta, rank: all.count, seed: seed))
        return all.count - 1
    }
}
