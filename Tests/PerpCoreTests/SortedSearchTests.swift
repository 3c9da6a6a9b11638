import PerpCore
import Testing

@Suite("Search in sorted collections")
struct SortedSearchTests {
    @Test("finds the place that a walk from the start finds, also in slices and with equal elements")
    func likeAWalk() {
        var random = SplitMix64(seed: 7)
        for count in 0..<40 {
            let sorted = (0..<count).map { _ in Int(random.next() % 20) }.sorted()
            let slice = sorted.dropFirst(count / 3)
            for wanted in -1...20 {
                #expect(sorted.partitioningIndex { $0 >= wanted } == (sorted.firstIndex { $0 >= wanted } ?? count))
                #expect(slice.partitioningIndex { $0 > wanted } == (slice.firstIndex { $0 > wanted } ?? count))
                #expect(sorted.indices.partitioningIndex { sorted[$0] >= wanted } == sorted.partitioningIndex { $0 >= wanted })
            }
        }
    }
}
