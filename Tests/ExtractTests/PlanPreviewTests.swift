import ExchangeAdapters
import PerpCore
import Testing

@testable import extract

@Suite("Plan of an hour")
struct PlanPreviewTests {
    @Test("the calls and weights are those of the exchanges' tables")
    func calls() {
        let previews = Exchange.allCases.map {
            PlanPreview(
                Adapter.adapter(for: $0), hour: Hour("2025-10-23T15")!, focusAssets: ["BTC", "ETH", "SOL"],
                includesOptional: false, isPaced: true)
        }
        #expect(previews.map(\.calls) == [579, 79, 13, 12, 32, 4, 199, 4])
        // 560 open interests, a tenth of a second apart, are the slowest.
        #expect(previews.map(\.expectedSeconds).max().map { (56...62).contains($0) } == true)
        #expect(previews[0].limits.first { $0.name == "spot" }?.weight == 2)
        #expect(previews[5].limits.first?.weight == 80)
    }
}
