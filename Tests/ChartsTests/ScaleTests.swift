import PerpCore
import Testing

@testable import Charts

@Suite("Scales of values")
struct ValueScaleTests {
    @Test("a linear axis ends at round numbers")
    func linear() {
        // 7 to 43 with four steps: 36 / 4 = 9, so tens; 0 to 50.
        let scale = ValueScale(.linear, of: [7, 43])
        #expect(scale.ticks == [0, 10, 20, 30, 40, 50])
        #expect(scale.position(25) == 0.5 && scale.position(0) == 0 && scale.position(60) == 1)
        #expect(scale.position(.nan) == nil)
    }

    @Test("an axis from zero has zero, below as well as above")
    func fromZero() {
        #expect(ValueScale(.linearFromZero, of: [30, 40]).low == 0)
        #expect(ValueScale(.linearFromZero, of: [-40, -30]).high == 0)
    }

    @Test("a symmetric axis has zero in the middle, and ends a little beyond the greatest size")
    func symmetric() {
        let scale = ValueScale(.symmetric, of: [-10, 100])
        // 208 / 4 = 52, so steps of 100.
        #expect(scale.low == -104 && scale.high == 104 && scale.ticks == [-100, 0, 100])
        #expect(scale.position(0) == 0.5)
        // 0.78 / 3 = 0.26, so steps of 0.5: no tick but zero. 0.78 / 4 = 0.195, so steps of 0.2.
        #expect(ValueScale(.symmetric, of: [-0.375], ticks: 3).ticks.map { Numbers.fixed($0, 1) } == ["-0.2", "0.0", "0.2"])
    }

    @Test("a logarithmic axis has powers of ten, and no place for zero")
    func logarithmic() {
        let scale = ValueScale(.logarithmic, of: [30, 40_000, 0, -5])
        #expect(scale.low == 10 && scale.high == 100_000 && scale.ticks == [10, 100, 1000, 10_000, 100_000])
        #expect(scale.position(1000) == 0.5)
        #expect(scale.position(0) == nil)
        #expect(ValueScale(.logarithmic, of: [2, 80]).ticks == [1, 2, 5, 10, 20, 50, 100])
    }

    @Test("one value, equal values and no value have an axis")
    func degenerate() {
        for kind in [ScaleKind.linear, .linearFromZero, .symmetric, .logarithmic] {
            for values in [[], [0], [5], [5, 5], [-5], [0.0001]] as [[Double]] {
                let scale = ValueScale(kind, of: values)
                #expect(scale.low < scale.high && scale.ticks.count >= 2 || kind == .symmetric && scale.low < scale.high)
            }
        }
    }

    @Test(
        "steps are 1, 2 or 5 times a power of ten",
        arguments: [(0.3, 3, 0.1), (36, 4, 10), (1, 4, 0.5), (7, 4, 2), (0, 4, 1)] as [(Double, Int, Double)])
    func steps(span: Double, count: Int, expected: Double) {
        #expect((ValueScale.step(for: span, count: count) - expected).magnitude < 1e-12)
    }
}

@Suite("Scales of time")
struct TimeGridTests {
    private func labels(_ from: String, _ to: String) -> [String] {
        TimeTicks(TimeGrid(hours: Hour(from)!...Hour(to)!)).ticks.map(\.label)
    }

    @Test("rows find their span; the last of one span counts, those outside do not")
    func placing() {
        let grid = TimeGrid(hours: Hour("2025-10-23T10")!...Hour("2025-10-23T12")!)
        func at(_ text: String) -> Timestamp { Timestamp(iso8601: text)! }
        let values: [Int?] = grid.placed([
            (at("2025-10-23T09:59:59.999Z"), 1), (at("2025-10-23T10:59:59.999Z"), 2), (at("2025-10-23T10:00:00Z"), 3),
            (at("2025-10-23T12:30:00Z"), nil), (at("2025-10-23T13:00:00Z"), 5),
        ])
        #expect(values == [3, nil, nil])
        #expect(grid.count == 3 && grid.end == at("2025-10-23T13:00:00Z"))
    }

    @Test("hours of a day are labelled at round hours, midnights with their day")
    func day() {
        #expect(labels("2025-10-23T00", "2025-10-23T23") == ["Oct 23", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "Oct 24"])
    }

    @Test("weeks begin on Mondays")
    func weeks() {
        // 2025-09-29, the sixth and so on are Mondays.
        #expect(labels("2025-09-25T00", "2025-10-31T23") == ["Sep 29", "Oct 6", "Oct 13", "Oct 20", "Oct 27"])
    }

    @Test("long spans are labelled by months, and January by its year")
    func months() {
        #expect(labels("2025-09-10T00", "2026-03-20T23") == ["Oct", "Nov", "Dec", "2026", "Feb", "Mar"])
        #expect(labels("2019-06-01T00", "2026-03-20T23") == ["2020", "2021", "2022", "2023", "2024", "2025", "2026"])
    }

    @Test("days are told as days")
    func spoken() {
        let days = TimeGrid(days: CalendarDay("2025-10-01")!...CalendarDay("2025-10-03")!)
        #expect(days.count == 3 && days.spoken(days.start) == "2025-10-01")
        #expect(TimeGrid(hours: Hour("2025-10-01T05")!...Hour("2025-10-01T05")!).spoken(days.start) == "2025-10-01 00:00")
    }
}

@Suite("Formats of values")
struct ValueFormatTests {
    @Test(
        "values are written in their unit",
        arguments: [
            (.dollars, 45_230_000, "$45.2M"), (.dollars, -1500, "-$1.5K"), (.percent(decimals: 1), 0.727, "72.7%"),
            (.signedPercent(decimals: 2), 0.0251, "+2.51%"), (.basisPoints(decimals: 1), 0.0012, "+12.0"),
            (.price, 89_662.19, "89\u{202F}662.19"), (.price, 0.000_012_34, "0.0000123400"), (.price, 1.5, "1.5000"),
            (.price, 0.000_000_000_83, "0.000000000830000"), (.number(decimals: 1), 1_350.5, "1\u{202F}350.5"),
            (.number(decimals: 1), 1.09528e17, "1.095e17"), (.number(decimals: 1), -9.9999e14, "-1.000e15"),
            (.signed(decimals: 2), 0.4, "+0.40"), (.number(decimals: 0), 7, "7"), (.fundingRate8h, 0.0001, "+0.0100"),
        ] as [(ValueFormat, Double, String)])
    func texts(format: ValueFormat, value: Double, expected: String) { #expect(format.text(value) == expected) }

    @Test("funding is written per hour, per eight hours and per year")
    func funding() {
        // 0.01 % per 8 h: an eighth of it per hour, 365 * 3 times as much per year.
        #expect(FundingUnit.allCases.map { $0.text(0.0001) } == ["+0.00125", "+0.0100", "+10.95"])
        #expect(
            ValueFormat.fundingRate8h.html(-0.0001).source
                == "<span class=\"u1\">-0.00125</span><span class=\"u8\">-0.0100</span><span class=\"uy\">-10.95</span>")
    }

    @Test("what is not known is n/a") func unknown() { #expect(ValueFormat.dollars.known(nil) == "n/a") }

    @Test(
        "axes have as many decimals as their step needs",
        arguments: [(1, 0), (0.5, 1), (0.05, 2), (0.0002, 4), (20, 0)] as [(Double, Int)])
    func decimals(step: Double, expected: Int) { #expect(ValueFormat.decimals(of: step) == expected) }

    @Test("labels of dollars keep their unit and tell ticks apart")
    func axis() {
        #expect(ValueFormat.dollars.axis(1.5e9, step: 5e8).source == "$1.5B")
        #expect(ValueFormat.dollars.axis(0, step: 5e8).source == "$0")
        #expect(ValueFormat.percent(decimals: 0).axis(0.125, step: 0.005).source == "12.5%")
    }

    @Test("labels of prices have at most nine characters, and tell ticks apart")
    func axisOfPrices() {
        #expect(ValueFormat.price.axis(0.000_002, step: 0.000_001).source == "0.000002")
        #expect(ValueFormat.price.axis(8.5e-10, step: 5e-11).source == "8.5e-10")
        #expect(ValueFormat.price.axis(9e-10, step: 5e-11).source == "9.0e-10")
        #expect(ValueFormat.price.axis(0.000_01, step: 5e-7).source == "1.00e-5")
        #expect(ValueFormat.price.axis(110_000, step: 5000).source == "110\u{202F}000")
    }
}
