import PerpCore
import Sealing

/// The usual move of a contract over a horizon, as it was known at each hour.
struct UsualMoves {
    /// Hours of the past that count.
    static let memory = 2160
    /// The windows below which nothing is usual.
    static let needed = 240

    private let first: Hour?
    private let medians: [Double?]

    /// The medians of the absolute returns of windows, which come in the order of their entries.
    init(_ history: ContractHistory, _ windows: [ClaimWindow]) {
        first = history.rows.first?.hour
        guard let first, let last = history.rows.last?.hour else {
            medians = []
            return
        }
        let moves = windows.compactMap { window -> Move? in
            guard let exit = window.exit, let knownAt = window.knownAt else { return nil }
            let change = history.rows[exit].markPrice / history.rows[window.entry].markPrice - 1
            return Move(entry: history.rows[window.entry].hour, knownAt: knownAt, size: abs(change))
        }
        medians = Self.medians(moves, from: first, through: last)
    }

    private struct Move {
        let entry: Hour
        let knownAt: Hour
        let size: Double
    }

    private static func medians(_ moves: [Move], from first: Hour, through last: Hour) -> [Double?] {
        var sorted: [Double] = []
        var oldest = 0
        var next = 0
        return (0...first.distance(to: last)).map { offset in
            let hour = first.advanced(by: offset)
            // Later entries are known later, so that both ends only move forward.
            while next < moves.count, moves[next].knownAt <= hour {
                sorted.insert(moves[next].size, at: place(of: moves[next].size, in: sorted))
                next += 1
            }
            while oldest < next, moves[oldest].entry.distance(to: hour) > memory {
                sorted.remove(at: place(of: moves[oldest].size, in: sorted))
                oldest += 1
            }
            return sorted.count >= needed ? Quantiles.quantile(0.5, ofSorted: sorted) : nil
        }
    }

    private static func place(of size: Double, in sorted: [Double]) -> Int { sorted.partitioningIndex { $0 >= size } }

    /// The median absolute return, a fraction, of the windows of the last 90 days that had closed by an hour; `nil` with
    /// fewer than 240.
    func median(at hour: Hour) -> Double? {
        guard let first else { return nil }
        let offset = first.distance(to: hour)
        return medians.indices.contains(offset) ? medians[offset] : nil
    }
}
