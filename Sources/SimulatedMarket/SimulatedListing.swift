import PerpCore

/// An instrument of one simulated exchange: its entry in the list of instruments, and the coin it follows.
struct SimulatedListing: Sendable {
    enum QuoteCurrency: String, Sendable {
        case usdt = "USDT"
        case usdc = "USDC"
        case usd = "USD"
        case usde = "USDE"
        case usd1 = "USD1"
        case btc = "BTC"
    }

    enum Contract: Sendable, Equatable {
        case perpetual
        /// Delivered at these UTC milliseconds.
        case dated(Int64)
    }

    /// The state of trading in an instrument.
    enum TradingPhase: Sendable {
        case absent, prelaunch, trading, settling
    }

    /// The times at which an instrument changes its phase, in UTC milliseconds.
    enum Lifetime: Sendable {
        case always
        /// Announced and never opened.
        case pending
        /// Stopped at this time, and kept in the list as delisted.
        case dead(Int64)
        case passing(announced: Int64, opened: Int64, stopped: Int64, removed: Int64)
    }

    /// An interval of funding that gave way to another one at a settlement.
    struct PastInterval: Sendable {
        /// Hours between settlements.
        var hours: Int
        /// The last settlement of them, in UTC milliseconds.
        var until: Int64
    }

    var symbol: [UInt8]
    /// The base as the exchange writes it: `1000PEPE`.
    var base: String
    var coin: Int
    var quote: QuoteCurrency = .usdt
    var settle: String
    var contract: Contract = .perpetual
    var inverse = false
    var life: Lifetime = .always
    /// Canonical coins in one base unit of the exchange.
    var unit: Double = 1
    /// Hours between settlements, at the time at which the listing was asked for.
    var interval: Int = 8
    /// The interval before it; `nil` when it was always the same.
    var pastInterval: PastInterval?
    /// Base units per contract, or quote units per contract of an inverse one.
    var contractSize: Double = 1
    var contractPlaces = 0
    /// Digits after the point in prices.
    var pricePlaces: Int
    /// Digits after the point in quantities.
    var quantityPlaces: Int
    /// The fraction of the coin's turnover that is traded here.
    var share: Double
    var listedAt: Int64
    /// The exchange's label for the kind of underlying; empty for none.
    var tag: String = ""
    /// The exchange's word for a state that is not a phase, such as a pause.
    var state: String?
    var key: UInt64
    /// A number that exchanges send as an id.
    var number: Int = 0

    var isPerpetual: Bool { contract == .perpetual }

    /// Hours between the settlements around `time`; at a settlement those until the next one.
    func interval(at time: Int64) -> Int {
        guard let pastInterval, time < pastInterval.until else { return interval }
        return pastInterval.hours
    }

    /// Prices the instrument in dollars and settles it in its coin.
    ///
    /// - Parameter size: dollars per contract.
    mutating func makeInverse(size: Double = 1) {
        inverse = true
        quote = .usd
        settle = base
        contractSize = size
        contractPlaces = 0
        quantityPlaces = 0
    }

    func phase(at time: Int64) -> TradingPhase {
        switch life {
        case .always: listedAt <= time ? .trading : .absent
        case .pending: .prelaunch
        case .dead: .settling
        case .passing(let announced, let opened, let stopped, let removed):
            time < announced || time >= removed
                ? .absent : time < opened ? .prelaunch : time < stopped ? .trading : .settling
        }
    }

    /// The time from which the price is frozen; `nil` when it moves.
    var frozenAt: Int64? {
        switch life {
        case .dead(let time): time
        case .passing(_, _, let stopped, _): stopped
        default: nil
        }
    }

    func isTrading(at time: Int64) -> Bool { phase(at: time) == .trading }
}

/// The common parts of an exchange's instruments.
struct ListingTemplate {
    let exchange: Exchange
    let coins: Coins
    let seed: UInt64
    /// The exchange's fraction of all perpetual turnover.
    let share: Double

    init(exchange: Exchange, coins: Coins, seed: UInt64) {
        self.exchange = exchange
        self.coins = coins
        self.seed = seed
        share =
            switch exchange {
            case .binance: 0.36
            case .okx: 0.17
            case .bybit: 0.16
            case .gate: 0.1
            case .bitget: 0.1
            case .hyperliquid: 0.07
            case .aster: 0.035
            case .dydx: 0.005
            case .binanceCOINM: 0.03
            case .deribit: 0.012
            case .krakenFutures: 0.01
            case .coinbase: 0.008
            case .mexc: 0.08
            case .kucoin: 0.02
            case .bingx: 0.02
            case .lighter: 0.04
            case .htx: 0.005
            case .edgex: 0.006
            case .pacifica, .extended, .grvt: 0.004
            case .backpack: 0.003
            case .paradex: 0.0005
            }
    }

    /// A perpetual against USDT, which the caller changes for other kinds.
    ///
    /// - Parameter index: the coin's index in `Coins.all`.
    func listing(symbol: String, base: String, coin index: Int, unit: Double = 1) -> SimulatedListing {
        let coin = coins.all[index]
        let price = coin.price * unit
        let level = Int(logarithm10(price).rounded(.down))
        let key = Noise.hash(symbol, seed: seed ^ UInt64(exchange.position + 1) &* 0x9E37)
        let nominal = Noise.hash(symbol, seed: UInt64(exchange.position + 1))  // the same for every seed
        return SimulatedListing(
            symbol: Array(symbol.utf8), base: base, coin: index, settle: "USDT", unit: unit,
            interval: interval(coin: index, draw: Noise.unit(nominal, 1)),
            pricePlaces: max(1, min(14, 5 - level)), quantityPlaces: max(0, min(3, level - 1)),
            share: share * (0.7 + 0.6 * Noise.unit(key, 2)),
            // Between the spring of 2020 and the summer of 2024, on a full hour.
            listedAt: 1_585_699_200_000 + Int64(Noise.unit(nominal, 2) * 37_000) * 3_600_000, key: key)
    }

    /// Funding intervals are mixed: large coins settle every 8 hours, most others every 4, some every hour.
    private func interval(coin: Int, draw: Double) -> Int {
        switch exchange {
        case .hyperliquid, .dydx, .krakenFutures, .lighter, .pacifica, .backpack, .extended, .coinbase: 1
        case .edgex: 4
        case .binanceCOINM, .deribit, .paradex: 8
        case .grvt: coin < 20 || draw < 0.6 ? 8 : 4
        case .mexc, .kucoin, .bingx, .htx: coin < 20 || draw < 0.4 ? 8 : draw < 0.95 ? 4 : 1
        case .okx: coin < 20 || draw < 0.6 ? 8 : draw < 0.93 ? 4 : draw < 0.96 ? 2 : 1
        case .gate, .bitget, .bybit: coin < 20 || draw < 0.35 ? 8 : draw < 0.92 ? 4 : 1
        case .binance, .aster: coin < 20 || draw < 0.4 ? 8 : draw < 0.95 ? 4 : 1
        }
    }
}
