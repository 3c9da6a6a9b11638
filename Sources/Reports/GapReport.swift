import PerpCore

/// Which exchanges are missing in which hours, and why.
public struct GapReport: Hashable, Sendable, Codable {
    /// An exchange that is missing in an hour.
    public struct Absence: Hashable, Sendable {
        var hour: Hour
        var exchange: Exchange
        /// `down`, `banned`, `blocked`, `refused`, `interrupted`, `failed`, `awaited`, `rejected`, `machine_off`;
        /// of streams `no_recorder`, `no_stream`.
        var cause: String
        var reason: String?

        /// Takes one exchange and hour, and why it is missing.
        public init(hour: Hour, exchange: Exchange, cause: String, reason: String?) {
            self.hour = hour
            self.exchange = exchange
            self.cause = cause
            self.reason = reason
        }
    }

    /// A maximal run of hours in which the same exchanges are missing for the same cause.
    struct Gap: Hashable, Sendable, Codable {
        var exchanges: [Exchange]
        var from: Hour
        /// Included.
        var to: Hour
        var hours: Int
        var cause: String
        /// Of the last of the hours.
        var reason: String?
    }

    /// How much of what was expected of an exchange came.
    public struct ExchangeHours: Hashable, Sendable, Codable {
        var exchange: Exchange
        var expectedHours: Int
        var loadedHours: Int
        /// The first stored hour with a ticker, in the span or before it; `nil` without one.
        var firstHour: Hour?

        /// Takes hours counted over the span of the report, and since when the exchange is there.
        public init(exchange: Exchange, expectedHours: Int, loadedHours: Int, firstHour: Hour? = nil) {
            self.exchange = exchange
            self.firstHour = firstHour
            self.expectedHours = expectedHours
            self.loadedHours = loadedHours
        }
    }

    var from: Hour
    var to: Hour
    /// By first hour, then in the fixed order of exchanges.
    var gaps: [Gap]
    var venues: [ExchangeHours]
    /// What is missing of streams; `nil` where it was not asked.
    var streams: StreamGaps?
    /// What the exchanges can still tell of the hours; `nil` where it was not asked.
    var history: HistoryGaps?

    /// - Parameter absences: by hour.
    public init(
        hours: ClosedRange<Hour>, absences: [Absence], venues: [ExchangeHours], streams: StreamGaps? = nil,
        history: HistoryGaps? = nil
    ) {
        self.history = history
        from = hours.lowerBound
        to = hours.upperBound
        self.venues = venues
        self.streams = streams
        gaps = Self.gaps(of: absences)
    }

    /// Maximal runs of hours with one cause, by first hour, then in the fixed order of exchanges.
    /// - Parameter absences: by hour.
    static func gaps(of absences: [Absence]) -> [Gap] {
        sameHours(runs(absences)).sorted { ($0.from, $0.exchanges[0]) < ($1.from, $1.exchanges[0]) }
    }

    private static func runs(_ absences: [Absence]) -> [Gap] {
        var runs: [Gap] = []
        var open: [Exchange: Int] = [:]
        for absence in absences {
            if let place = open[absence.exchange], runs[place].to.next == absence.hour,
                runs[place].cause == absence.cause
            {
                runs[place].to = absence.hour
                runs[place].hours += 1
                runs[place].reason = absence.reason
            } else {
                open[absence.exchange] = runs.count
                runs.append(
                    Gap(
                        exchanges: [absence.exchange], from: absence.hour, to: absence.hour, hours: 1,
                        cause: absence.cause, reason: absence.reason))
            }
        }
        return runs
    }

    /// One line for all exchanges that are missing in the same hours with the same words.
    private static func sameHours(_ runs: [Gap]) -> [Gap] {
        var merged: [Gap] = []
        var places: [Gap: Int] = [:]
        for run in runs {
            var key = run
            key.exchanges = []
            if let place = places[key] {
                merged[place].exchanges = (merged[place].exchanges + run.exchanges).sorted()
            } else {
                places[key] = merged.count
                merged.append(run)
            }
        }
        return merged
    }
}
