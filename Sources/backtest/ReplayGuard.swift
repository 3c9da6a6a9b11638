import Backtesting
import PerpCore
import Replaying
import Signals
import Warehouse

/// Whether replayed decisions depend on hours after them: a stretch of hours is replayed on a warehouse whose later hours are
/// removed or poisoned, and must come to the same.
struct ReplayGuard {
    /// The hours up to a cut that are replayed again. What looks ahead at all does so in the last of them.
    static let hours = 24

    /// What an hour led to.
    struct Decided: Equatable, Sendable {
        let detections: [Detection]
        let decisions: [AlertDecision]

        init(_ step: Replay.Step) {
            detections = step.evaluation.entering
            decisions = step.decisions
        }
    }

    /// An hour whose decisions another future changes.
    struct LookAhead: Hashable, Sendable {
        let after: Hour
        let change: LookAheadGuard.Change
        let hour: Hour
    }

    let events: EventReplay
    let span: ClosedRange<Hour>
    let cuts: [Hour]
    let seed: UInt64

    /// The hours that other futures change, of all cuts; none is what one wants.
    /// - Parameter progress: is called after each cut.
    /// - Throws: an error of the database.
    func lookAheads(progress: () -> Void = {}) throws -> [LookAhead] {
        let whole = try replayAll()
        return try cuts.flatMap { cut in
            let found = try LookAheadGuard.Change.allCases.flatMap { change in
                try differences(cut, change, whole)
            }
            progress()
            return found
        }
    }

    private func stretch(_ cut: Hour) -> ClosedRange<Hour> {
        max(span.lowerBound, cut.advanced(by: 1 - Self.hours))...cut
    }

    /// What the hours before the cuts led to, and what was remembered before each stretch.
    private struct Whole {
        var decided: [Hour: Decided] = [:]
        var memories: [Hour: Replay.Memory] = [:]
    }

    private func replayAll() throws -> Whole {
        var whole = Whole()
        let wanted = Set(cuts.flatMap { stretch($0).hours })
        var starts = Set(cuts.map { stretch($0).lowerBound }).sorted()[...]
        var memory = Replay.Memory()
        try events.replay(of: events.warehouse).forEachHour(in: span) { step in
            while let start = starts.first, start <= step.hour {
                whole.memories[start] = memory
                starts.removeFirst()
            }
            memory = step.memory
            if wanted.contains(step.hour) { whole.decided[step.hour] = Decided(step) }
        }
        return whole
    }

    private func differences(
        _ cut: Hour, _ change: LookAheadGuard.Change, _ whole: Whole
    ) throws -> [LookAhead] {
        let stretch = stretch(cut)
        let changed = try Warehouse(path: events.warehouse.path, for: .reading)
        switch change {
        case .cut: try changed.change(.removed, after: cut)
        case .poison: try changed.change(.poisoned(seed: seed), after: cut)
        }
        var decided: [Hour: Decided] = [:]
        try events.replay(of: changed).forEachHour(
            in: stretch, remembering: whole.memories[stretch.lowerBound] ?? Replay.Memory()
        ) { decided[$0.hour] = Decided($0) }
        return stretch.hours.filter { decided[$0] != whole.decided[$0] }
            .map { LookAhead(after: cut, change: change, hour: $0) }
    }
}
