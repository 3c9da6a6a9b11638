import PerpCore

/// What a number is, and so how it is written: the unit, the decimals, whether a sign stands before positive ones.
public enum ValueFormat: Hashable, Sendable {
    /// A plain number.
    case number(decimals: Int)
    /// A number whose sign matters: `+0.42`.
    case signed(decimals: Int)
    /// US dollars: `$45.2M`.
    case dollars
    /// A fraction of the whole, in percent: 0.727 is `72.7%`.
    case percent(decimals: Int)
    /// A fraction whose sign matters, in percent: `+2.5%`.
    case signedPercent(decimals: Int)
    /// A fraction in basis points: 0.0012 is `+12.0`.
    case basisPoints(decimals: Int)
    /// A price in quote units per coin: five significant digits at least, thousands apart.
    case price
    /// A fraction of notional per eight hours, positive when longs pay, in percent. It is written in three units, per hour, per
    /// eight hours and simple per year, of which the page shows the chosen one.
    case fundingRate8h

    /// The unit as it stands in the head of a table; empty for a plain number.
    public var unit: String {
        switch self {
        case .number, .signed: ""
        case .dollars: "USD"
        case .percent, .signedPercent: "%"
        case .basisPoints: "bps"
        case .price: "quote units per coin"
        case .fundingRate8h: "% per 8 h"
        }
    }

    /// The unit of the values in JSON: fractions stay fractions there.
    var storedUnit: String {
        switch self {
        case .number, .signed, .dollars, .price: unit
        case .percent, .signedPercent, .basisPoints: "fraction"
        case .fundingRate8h: "fraction of notional per 8 h"
        }
    }

    /// The value as text; of a funding rate the one per eight hours.
    public func text(_ value: Double) -> String {
        switch self {
        case .number(let decimals): Self.number(value, decimals)
        case .signed(let decimals): Numbers.signed(value, decimals)
        case .dollars: Self.dollars(value)
        case .percent(let decimals): Numbers.fixed(value * 100, decimals) + "%"
        case .signedPercent(let decimals): Numbers.signed(value * 100, decimals) + "%"
        case .basisPoints(let decimals): Numbers.signed(value * 10_000, decimals)
        case .price: Self.price(value)
        case .fundingRate8h: FundingUnit.eightHours.text(value)
        }
    }

    /// The value as text; `n/a` when it is `nil`.
    public func known(_ value: Double?) -> String { Numbers.known(value, text) }

    /// The value as HTML, a funding rate in its three units.
    func html(_ value: Double) -> Markup {
        guard self == .fundingRate8h else { return .text(text(value)) }
        return .joined(FundingUnit.allCases.map { .element("span", ["class": $0.style], text: $0.text(value)) })
    }

    /// The value as content of an SVG text, a funding rate in its three units.
    func svg(_ value: Double) -> Markup {
        guard self == .fundingRate8h else { return .text(text(value)) }
        return .joined(FundingUnit.allCases.map { .element("tspan", ["class": $0.style], text: $0.text(value)) })
    }

    /// The unit as HTML, of a funding rate the three.
    func unitHTML(_ unit: String) -> Markup {
        guard self == .fundingRate8h, unit == self.unit else { return .text(unit) }
        return .joined(FundingUnit.allCases.map { .element("span", ["class": $0.style], text: $0.label) })
    }

    /// The unit as content of an SVG text, of a funding rate the three.
    func unitSVG(_ unit: String) -> Markup {
        guard self == .fundingRate8h, unit == self.unit else { return .text(unit) }
        return .joined(FundingUnit.allCases.map { .element("tspan", ["class": $0.style], text: $0.label) })
    }

    /// A label of an axis whose ticks are `step` apart, with as many decimals as tell them apart.
    func axis(_ value: Double, step: Double) -> Markup {
        switch self {
        case .number: .text(Numbers.fixed(value, Self.decimals(of: step)))
        case .signed: .text(Numbers.signed(value, Self.decimals(of: step)))
        case .dollars: .text(Self.dollars(value, step: step))
        case .percent: .text(Numbers.fixed(value * 100, Self.decimals(of: step * 100)) + "%")
        case .signedPercent: .text(Numbers.signed(value * 100, Self.decimals(of: step * 100)) + "%")
        case .basisPoints: .text(Numbers.signed(value * 10_000, Self.decimals(of: step * 10_000)))
        case .price: .text(Self.axisPrice(value, Self.decimals(of: step)))
        case .fundingRate8h: svg(value)
        }
    }

    /// How many decimals a step of ticks needs: 0.05 needs two. A step is 1, 2 or 5 times a power of ten.
    static func decimals(of step: Double) -> Int {
        var (scaled, decimals) = (step, 0)
        while decimals < 16,
            (scaled - scaled.rounded()).magnitude > 1e-6 * max(scaled.magnitude, 1e-9) || scaled.rounded() == 0
        {
            scaled *= 10
            decimals += 1
        }
        return decimals
    }

    /// Dollars with the sign before the `$`: `-$45.2M`.
    private static func dollars(_ value: Double) -> String {
        value < 0 ? "-" + Numbers.dollars(-value) : Numbers.dollars(value)
    }

    private static func dollars(_ value: Double, step: Double) -> String {
        let units: [(size: Double, name: String)] = [(1e9, "B"), (1e6, "M"), (1e3, "K")]
        let unit = units.first { value.magnitude >= $0.size } ?? (1, "")
        guard value != 0 else { return "$0" }
        let text = Numbers.fixed(value.magnitude / unit.size, decimals(of: step / unit.size))
        return "\(value < 0 ? "-" : "")$\(text)\(unit.name)"
    }

    private static func price(_ value: Double) -> String {
        var (decimals, size) = (2, value.magnitude)
        while size < 1000, size > 0, decimals < 15 {
            size *= 10
            decimals += 1
        }
        return grouped(Numbers.fixed(value, min(decimals, value.magnitude >= 1 ? 4 : 15)))
    }

    /// Thousands apart; sizes that nobody could count the digits of as `1.095e17`.
    private static func number(_ value: Double, _ decimals: Int) -> String {
        value.magnitude < 1e12 ? grouped(Numbers.fixed(value, decimals)) : powered(value, 3)
    }

    /// A price on an axis, where there is room for nine characters: `0.000002`, `8.5e-10`.
    private static func axisPrice(_ value: Double, _ decimals: Int) -> String {
        guard decimals > 6, value != 0, value.magnitude < 1 else { return grouped(Numbers.fixed(value, decimals)) }
        return powered(value, decimals)
    }

    /// A value as a power of ten.
    /// - Parameter decimals: of the value itself where it is less than one, otherwise of what stands before the power.
    private static func powered(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite, value != 0 else { return Numbers.fixed(value, 0) }
        var (front, exponent) = (value, 0)
        while front.magnitude >= 9.9995 {
            front /= 10
            exponent += 1
        }
        while front.magnitude < 0.99995 {
            front *= 10
            exponent -= 1
        }
        return "\(Numbers.fixed(front, max(0, decimals + min(0, exponent))))e\(exponent)"
    }

    /// Thousands apart by a narrow space that does not break.
    static func grouped(_ text: String) -> String {
        let whole = text.prefix { $0 != "." }
        let digits = whole.drop { $0 == "-" }
        guard digits.count > 3, digits.allSatisfy(\.isNumber) else { return text }
        var groups = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { groups += "\u{202F}" }
            groups.append(digit)
        }
        return String(whole.prefix { $0 == "-" }) + groups + text.dropFirst(whole.count)
    }
}

/// The units in which a page shows funding; the reader chooses one.
enum FundingUnit: String, CaseIterable, Sendable {
    case hour
    case eightHours
    case year

    /// What stands on the switch and in heads of tables.
    var label: String {
        switch self {
        case .hour: "% per 1 h"
        case .eightHours: "% per 8 h"
        case .year: "% per year"
        }
    }

    /// The class of what is shown in this unit only.
    var style: String {
        switch self {
        case .hour: "u1"
        case .eightHours: "u8"
        case .year: "uy"
        }
    }

    /// A rate per eight hours, a fraction, as percent of this unit with its sign.
    func text(_ rate8h: Double) -> String {
        switch self {
        case .hour: Numbers.signed(rate8h * 100 / 8, 5)
        case .eightHours: Numbers.signed(rate8h * 100, 4)
        case .year: Numbers.signed(rate8h * 100 * 1095, 2)
        }
    }
}
