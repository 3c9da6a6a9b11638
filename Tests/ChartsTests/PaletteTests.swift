import Testing

@testable import Charts

@Suite("Colors")
struct PaletteTests {
    static let schemes: [Palette] = [.light, .dark]

    @Test("contrast is as the guideline has it")
    func contrast() {
        // Black on white is the greatest there is; #767676 is known as the lightest gray that text on white may have.
        #expect((Color.black.contrast(with: .white) - 21).magnitude < 1e-9)
        #expect(Color(0x767676).contrast(with: .white) >= 4.5 && Color(0x777777).contrast(with: .white) < 4.5)
    }

    @Test("text can be read on everything that it stands on", arguments: 0..<2)
    func text(scheme: Int) {
        let palette = Self.schemes[scheme]
        for ink in [palette.ink, palette.muted, palette.accent] {
            for ground in [palette.background, palette.surface] { #expect(ink.contrast(with: ground) >= 4.5, "\(ink) on \(ground)") }
        }
        for step in palette.steps { #expect(step.ink.contrast(with: step) >= 4.5, "\(step)") }
    }

    @Test("lines, areas and the hatch can be seen", arguments: 0..<2)
    func shapes(scheme: Int) {
        let palette = Self.schemes[scheme]
        for color in palette.series + [palette.hatch] {
            #expect(color.contrast(with: palette.background) >= 3, "\(color)")
        }
        #expect(palette.series.count == 8 && Set(palette.series).count == 8 && palette.steps.count == 9)
    }

    @Test("the further from zero, the more a step differs from the middle", arguments: 0..<2)
    func steps(scheme: Int) {
        let palette = Self.schemes[scheme]
        let distances = palette.steps.map { $0.contrast(with: palette.steps[4]) }
        #expect(distances[0] > distances[1] && distances[1] > distances[2] && distances[2] > distances[3])
        #expect(distances[8] > distances[7] && distances[7] > distances[6] && distances[6] > distances[5])
    }

    @Test(
        "a value has the step of its size and sign",
        arguments: [(0, 4), (0.12, 4), (0.13, 5), (-0.13, 3), (0.5, 6), (1, 8), (-9, 0), (.nan, 4)] as [(Double, Int)])
    func step(share: Double, expected: Int) { #expect(Palette.step(of: share * 3, limit: 3) == expected) }

    @Test("both schemes define the same variables, and the style sheet uses no other")
    func variables() throws {
        let names = Palette.light.variables.map(\.name)
        #expect(names == Palette.dark.variables.map(\.name) && Set(names).count == names.count)
        let used = StyleSheet.source.split(separator: "var(--").dropFirst().map { String($0.prefix { $0 != ")" }) }
        #expect(Set(used).isSubset(of: names))
    }
}
