extension Market {
    /// What kind of market is simulated. In all but the usual one, prices are random walks, funding comes from premiums
    /// through each exchange's own formula, and some coins are listed and delisted for good.
    public enum World: String, Sendable, CaseIterable {
        /// Prices are waves, so that every hour has something to see; a sudden move comes back.
        case usual
        /// Calm, usual and stressed days, and drifts of some days.
        case regimes
        /// As `regimes`, and the move of a day predicts the market's next day.
        case factor
        /// The regimes without drifts: nothing predicts what comes.
        case nothing

        /// What part of a day's move comes once more in the day after it.
        ///
        /// At 0.4 the returns of two days that follow each other correlate by `0.4 / (1 + 0.4 * 0.4)` = 0.34: the sign of a
        /// day is right about the next one in 61 of 100 cases, and a year of days shows it by six standard errors. It is
        /// strong, so that a method which finds nothing in a year of it is broken.
        var echo: Double { self == .factor ? 0.4 : 0 }

        var hasTrends: Bool { self == .regimes || self == .factor }
    }
}
