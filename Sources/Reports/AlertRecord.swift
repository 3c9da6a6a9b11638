import PerpCore

/// What came of the alerts so far, as it is known in an hour.
public struct AlertRecord: Hashable, Sendable, Codable {
    /// How near the estimates of the last alerts were to what happened.
    public struct Score: Hashable, Sendable, Codable {
        /// Alerts with an estimate that were judged, 100 at most.
        var alerts: Int
        /// The mean square of the difference, 0 for a prophet: of the estimates, and of the base rates.
        var brier: Double
        var brierOfBaseRates: Double
        /// The share of the base rates' score that the estimates saved; `nil` when those were right each time.
        var skill: Double?
        /// How far what happened was from the estimates, how far it differed between them, and the score of one who always
        /// says the overall frequency.
        var reliability: Double
        var resolution: Double
        var uncertainty: Double

        /// Takes the parts of a Brier score.
        public init(
            alerts: Int, brier: Double, brierOfBaseRates: Double, skill: Double?, reliability: Double,
            resolution: Double, uncertainty: Double
        ) {
            self.alerts = alerts
            self.brier = brier
            self.brierOfBaseRates = brierOfBaseRates
            self.skill = skill
            self.reliability = reliability
            self.resolution = resolution
            self.uncertainty = uncertainty
        }
    }

    /// Whether confidences are what they are without history: its estimates are not better than chance.
    var historyOff: Bool
    /// `nil` when no alert with an estimate was judged yet.
    var score: Score?
    /// In the order of the strategies, those without alerts left out.
    var rows: [ClaimRecord]

    /// Takes what is known.
    public init(historyOff: Bool, score: Score?, rows: [ClaimRecord]) {
        self.historyOff = historyOff
        self.score = score
        self.rows = rows
    }

    /// A line for each strategy and direction, and whether it counts.
    var lines: [String] {
        guard !rows.isEmpty else { return ["no alert has made a claim yet"] }
        return rows.map(\.line) + [judgement]
    }

    private var judgement: String {
        guard let score else {
            return "history_off: no alert with an estimate was judged yet; no confidence is changed"
        }
        let numbers =
            "Brier \(Numbers.fixed(score.brier, 3)) against \(Numbers.fixed(score.brierOfBaseRates, 3)) of chance over "
            + "\(Numbers.counted(score.alerts, "alert")), skill \(Numbers.known(score.skill) { Numbers.signed($0, 2) }); "
            + "reliability \(Numbers.fixed(score.reliability, 3)), resolution \(Numbers.fixed(score.resolution, 3)), "
            + "uncertainty \(Numbers.fixed(score.uncertainty, 3))"
        let verdict = "history_off: the estimates are no better than chance, no confidence is changed: "
        return historyOff ? verdict + numbers : numbers
    }
}

extension ClaimRecord {
    fileprivate var line: String {
        let open = open > 0 ? ", \(open) open" : ""
        guard resolved > 0 else { return "\(title) \(direction): no outcome yet\(open)" }
        return "\(title) \(direction): \(right) of \(resolved) right within \(horizonHours) h\(open); "
            + "by chance \(percent(baseRate)), estimated \(percent(estimate)), \(points)"
    }

    private var points: String { boost == 0 ? "no points" : "\(boost > 0 ? "+" : "")\(boost) points" }

    private func percent(_ share: Double?) -> String { Numbers.known(share) { Numbers.fixed(100 * $0, 0) + " %" } }
}
