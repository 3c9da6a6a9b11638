import PerpCore
import Testing

@testable import Sealing

@Suite("Selecting the middle without sorting")
struct SelectionTests {
    @Test("the middle one, or the mean of the two in the middle", arguments: 1...60)
    func median(count: Int) {
        var random = SplitMix64(seed: UInt64(count))
        for spread in [0, 2, 1000] {
            let values = (0..<count).map { _ in Double(Int.random(in: 0...spread, using: &random)) }
            let sorted = values.sorted()
            var moved = values
            let expected = count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2
            #expect(Selection.median(&moved) == expected)
            #expect(moved.sorted() == sorted)
        }
    }

    @Test("of many values, in any order", arguments: [4095, 4096, 4097, 14_196, 14_197])
    func many(count: Int) {
        var random = SplitMix64(seed: UInt64(count))
        let orders: [[Double]] = [
            (0..<count).map { _ in random.heavyTailed() },
            (0..<count).map { _ in Double(Int.random(in: 0...3, using: &random)) },
            (0..<count).map(Double.init), (0..<count).reversed().map(Double.init),
            Array(repeating: 3, count: count),
            // What a sample at even distances does not see.
            (0..<count).map { $0 * 512 % count < 512 ? 0 : Double($0) },
        ]
        for values in orders {
            let sorted = values.sorted()
            let expected = count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2
            var moved = values
            #expect(Selection.median(&moved) == expected)
        }
    }

    @Test("each rank, in rising, falling, equal and organ-pipe order")
    func ranks() {
        let count = 400
        let orders: [[Double]] = [
            (0..<count).map(Double.init), (0..<count).reversed().map(Double.init),
            Array(repeating: 3, count: count), (0..<count).map { Double(min($0, count - $0)) },
        ]
        for values in orders {
            let sorted = values.sorted()
            for rank in [0, 1, 15, 199, 200, 398, 399] {
                var moved = values
                moved.withUnsafeMutableBufferPointer { Selection.select(rank, in: $0) }
                #expect(moved[rank] == sorted[rank])
                #expect(moved[..<rank].allSatisfy { $0 <= moved[rank] })
                #expect(moved[rank...].allSatisfy { $0 >= moved[rank] })
            }
        }
    }

    @Test("nothing has no median")
    func nothing() {
        var none: [Double] = []
        #expect(Selection.median(&none) == nil)
    }
}
