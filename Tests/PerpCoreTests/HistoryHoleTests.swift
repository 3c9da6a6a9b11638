import PerpCore
import Testing

@Suite("Holes that history can close")
struct HistoryHoleTests {
    private let noon = Hour("2026-11-28T12")!

    @Test("hours in a row are one hole, and each dataset has its own end")
    func merged() {
        let missing = [noon.advanced(by: -5), noon.advanced(by: -4), noon.advanced(by: -2)]
        let holes = HistoryHole.holes(of: .binance, missing: missing, at: noon.startTime)
        let ratios = holes.filter { $0.dataset == .longShort }
        #expect(ratios.map(\.hours) == [missing[0]...missing[1], missing[2]...missing[2]])
        #expect(ratios[0].recoverableUntil == missing[0].advanced(by: 720).startTime)
        #expect(!ratios[0].isLost(at: noon.startTime))
        let candles = holes.filter { $0.dataset == .candles }
        #expect(candles.allSatisfy { $0.recoverableUntil == nil })
        // Binance tells of liquidations on its stream only: they are lost with their hour.
        let liquidations = holes.filter { $0.dataset == .liquidations }
        #expect(liquidations.allSatisfy { $0.isLost(at: noon.startTime) })
    }

    @Test("a hole is cut where what is lost meets what is not")
    func cut() {
        // Bitget tells of liquidations for 72 hours.
        let missing = (70...75).map { noon.advanced(by: -$0) }
        let holes = HistoryHole.holes(of: .bitget, missing: missing, at: noon.startTime)
            .filter { $0.dataset == .liquidations }
        #expect(holes.map(\.hours) == [noon.advanced(by: -75)...noon.advanced(by: -72), noon.advanced(by: -71)...noon.advanced(by: -70)])
        #expect(holes.map { $0.isLost(at: noon.startTime) } == [true, false])
    }

    @Test("what is lost first comes first")
    func urgency() {
        let missing = [noon.advanced(by: -3)]
        let holes = [Exchange.okx, .bitget, .binance]
            .flatMap { HistoryHole.holes(of: $0, missing: missing, at: noon.startTime) }
            .filter { !$0.isLost(at: noon.startTime) }.sorted(by: HistoryHole.isMoreUrgent)
        #expect(holes[0].exchange == .okx && holes[0].dataset == .liquidations)
        #expect(holes[1].exchange == .bitget && holes[1].dataset == .liquidations)
        #expect(holes[2].exchange == .binance && holes[2].dataset == .longShort)
    }

    @Test("names of datasets are read in their order, and an unknown one says what there is")
    func names() throws {
        #expect(try HistoryDataset.parse(list: "candles, liquidations") == [.liquidations, .candles])
        #expect(try HistoryDataset.parse(list: "") == HistoryDataset.allCases)
        #expect(throws: UnknownHistoryDataset.self) { try HistoryDataset.parse(list: "klines") }
    }
}
