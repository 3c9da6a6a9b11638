import PerpCore

/// A position in one contract from an hour on.
struct PositionLeg {
    /// The longest period between settlements of any exchange, in milliseconds.
    static let longestPeriod = 24 * Hour.milliseconds

    let history: ContractHistory
    /// The place of the entry's row.
    let entry: Int
    /// 1 for long, -1 for short.
    let side: Double
    /// Dollars at the entry.
    let notional: Double
    let fees: TakerFees

    /// Funding of a time, as cash.
    struct Funding {
        /// Dollars, positive when received.
        var cash = 0.0
        /// Whether a displayed rate stands for a settled one.
        var isEstimated = false
        /// Whether a settlement fell due whose rate is not known.
        var isMissing = false
    }

    var entryMark: Double { history.rows[entry].markPrice }
    /// Coins of a linear or quanto contract or of spot.
    var units: Double { notional / entryMark }
    private var isInverse: Bool { history.contract.kind == .perpetual(.inverse) }

    /// Dollars gained by the price between two rows. An inverse contract pays coins, which are worth the later mark: the
    /// same dollars.
    func gain(from start: Int, to end: Int) -> Double {
        side * units * (history.rows[end].markPrice - history.rows[start].markPrice)
    }

    /// `side * (mark / entry mark - 1)`.
    func excursion(at index: Int) -> Double { side * (history.rows[index].markPrice / entryMark - 1) }

    /// Funding settled after the observation of one row up to that of another. An inverse contract pays on its dollars.
    func funding(from start: Int, to end: Int) -> Funding {
        var funding = Funding()
        let times = (history.rows[start].observedAt, history.rows[end].observedAt)
        for charge in history.charges(after: times.0, through: times.1) {
            guard let rate = charge.rate else {
                funding.isMissing = true
                continue
            }
            funding.cash += -side * rate * (isInverse ? notional : units * charge.markPrice)
            funding.isEstimated = funding.isEstimated || charge.isEstimated
        }
        return funding
    }

    /// Funding from the entry on. It is missing also where nothing was displayed at the entry and nothing settled in the
    /// last day: silence is not a rate of zero.
    func fundingSinceEntry(to end: Int) -> Funding {
        var funding = funding(from: entry, to: end)
        let row = history.rows[end]
        let day = row.observedAt.advanced(byMilliseconds: -Self.longestPeriod)
        if !history.contract.isSpot, history.rows[entry].nextFundingAt == nil,
            history.charges(after: day, through: row.observedAt).isEmpty
        {
            funding.isMissing = true
        }
        return funding
    }

    /// What trading at a row costs.
    func cost(at index: Int) -> TradeCost { TradeCost(history.rows[index], history.contract, fees: fees) }

    /// Dollars that trading at a row costs.
    func costDollars(at index: Int) -> Double { traded(at: index) * cost(at: index).fraction }

    /// Dollars that are traded at a row.
    func traded(at index: Int) -> Double { isInverse ? notional : units * history.rows[index].markPrice }
}
