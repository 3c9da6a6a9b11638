import PerpCore
import Testing

@Suite("Sides by the parity of counts")
struct CountParityTests {
    /// Two markets with half of the counts each.
    private func parity(_ counts: [Double]) -> CountParity {
        var parity = CountParity()
        parity.add(counts.prefix(counts.count / 2))
        parity.add(counts.dropFirst(counts.count / 2))
        return parity
    }

    /// Even counts that are no multiples of ten: 2, 4, 6, 8, 12, …
    private func even(_ count: Int) -> [Double] {
        Array((1...).lazy.map { Double(2 * $0) }.filter { $0.truncatingRemainder(dividingBy: 10) != 0 }.prefix(count))
    }

    @Test("200 even counts of a figure that is kept are suspect, 199 are too few")
    func suspect() {
        #expect(parity(even(200)).verdict(on: .one) == .suspect)
        #expect(parity(even(199)).verdict(on: .one) == .tooFew)
        #expect(parity(even(200)).verdict(on: .both) == .agrees)
    }

    @Test("one odd count among many settles it: one side, so that halving was wrong")
    func odd() {
        let counts = even(300) + [17]
        #expect(parity(counts).odd == 1)
        #expect(parity(counts).verdict(on: .one) == .agrees)
        #expect(parity(counts).verdict(on: .both) == .wrong)
        // A single count is enough.
        #expect(parity([3]).verdict(on: .both) == .wrong)
    }

    @Test("multiples of ten say nothing: alone they are blind, among others they do not count")
    func blind() {
        let tens = (1...300).map { 10 * Double($0) }
        #expect(parity(tens).verdict(on: .one) == .blind)
        #expect(parity(tens).verdict(on: .both) == .blind)
        #expect(parity(tens + even(199)).verdict(on: .one) == .tooFew)
        #expect(parity(tens + even(200)).verdict(on: .one) == .suspect)
        #expect(parity(Array(tens.prefix(199))).verdict(on: .one) == .tooFew)
    }

    @Test("a market that stands still counts once, and zero not at all")
    func standstill() {
        var parity = CountParity()
        parity.add(Array(repeating: 12, count: 500) + [0, 14])
        #expect(parity.counts == 2 && parity.multiplesOfTen == 0 && parity.odd == 0)
        // Another market with the same count is another count.
        parity.add([12])
        #expect(parity.counts == 3)
    }

    @Test("a market whose contracts can be divided is left out; what dividing coins leaves over is not a fraction")
    func fractions() {
        var parity = CountParity()
        parity.add([3, 4.5])
        #expect(parity.counts == 0)
        parity.add([612_996_671.0000001, 7 * 0.1 / 0.1])
        #expect(parity.counts == 2 && parity.odd == 2)
        // So large a number has lost the digit that says whether it is even.
        parity.add([3e15])
        #expect(parity.counts == 2)
    }
}
