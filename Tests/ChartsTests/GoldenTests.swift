import Foundation
import Testing

@testable import Charts

/// Each kind of chart as it was last looked at. With `REWRITE_GOLDEN=1` in the environment the files are written again: look at
/// the difference, and at the charts.
@Suite("Golden charts")
struct GoldenTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    @Test("a chart is drawn as it was", arguments: Samples().charts.map(\.name))
    func chart(name: String) throws {
        let chart = try #require(Samples().charts.first { $0.name == name }?.chart)
        try compare(chart.svg(Anchor(name)).source.replacing("><", with: ">\n<"), "\(name).svg")
    }

    @Test("a figure is written as it was")
    func figure() throws {
        let figure = Samples().figure(Samples().shares, "shares")
        try compare(figure.html.source.replacing("><", with: ">\n<"), "figure.html")
    }

    /// Compares with a file, whose lines end between two elements.
    private func compare(_ source: String, _ name: String) throws {
        let file = Self.folder.appending(path: name)
        if ProcessInfo.processInfo.environment["REWRITE_GOLDEN"] == "1" {
            try Data((source + "\n").utf8).write(to: file)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(source + "\n" == golden, "\(name)")
    }
}
