import PerpCore

/// Writes what a forecaster knows as numbers, one after the other; what is unknown is infinite.
struct NumberWriter {
    private(set) var numbers: [Double] = []

    mutating func add(_ value: Double?) { numbers.append(value ?? .infinity) }
    mutating func add(_ value: Int?) { add(value.map(Double.init)) }
    mutating func add(_ time: Timestamp?) { add(time.map { Double($0.milliseconds) }) }
    mutating func add(_ hour: Hour?) { add(hour.map { Double($0.start) }) }
    mutating func add(_ method: ForecastMethod) { add(ForecastMethod.allCases.firstIndex(of: method)) }
    mutating func add(_ formula: FundingFormula) {
        add(FundingFormula.Family.allCases.firstIndex(of: formula.family))
        add(formula.interest8h)
    }

    /// Writes how many there are, then each.
    mutating func add<Value>(_ values: [Value], each: (inout NumberWriter, Value) -> Void) {
        add(values.count)
        for value in values { each(&self, value) }
    }
}

/// Reads numbers back in the order in which they were written.
struct NumberReader {
    /// The numbers are not those of a forecaster.
    struct Unreadable: Error {}

    private let numbers: [Double]
    private var next = 0

    init(_ numbers: [Double]) { self.numbers = numbers }

    var isAtEnd: Bool { next == numbers.count }

    mutating func numberOrUnknown() throws(Unreadable) -> Double? {
        guard next < numbers.count, !numbers[next].isNaN else { throw Unreadable() }
        next += 1
        return numbers[next - 1].isFinite ? numbers[next - 1] : nil
    }

    mutating func number() throws(Unreadable) -> Double {
        guard let number = try numberOrUnknown() else { throw Unreadable() }
        return number
    }

    mutating func integerOrUnknown() throws(Unreadable) -> Int? {
        guard let number = try numberOrUnknown() else { return nil }
        guard let integer = Int(exactly: number) else { throw Unreadable() }
        return integer
    }

    mutating func integer() throws(Unreadable) -> Int {
        guard let integer = try integerOrUnknown() else { throw Unreadable() }
        return integer
    }

    mutating func timeOrUnknown() throws(Unreadable) -> Timestamp? {
        try integerOrUnknown().map { Timestamp(milliseconds: Int64($0)) }
    }

    mutating func time() throws(Unreadable) -> Timestamp { Timestamp(milliseconds: Int64(try integer())) }

    mutating func hourOrUnknown() throws(Unreadable) -> Hour? {
        try integerOrUnknown().map { Hour(containing: Int64($0)) }
    }

    mutating func hour() throws(Unreadable) -> Hour { Hour(containing: Int64(try integer())) }

    mutating func method() throws(Unreadable) -> ForecastMethod { try word(ForecastMethod.allCases) }

    mutating func formula() throws(Unreadable) -> FundingFormula {
        FundingFormula(family: try word(FundingFormula.Family.allCases), interest8h: try number())
    }

    /// As many numbers as asked for, which may be unknown.
    mutating func slice(_ count: Int) throws(Unreadable) -> ArraySlice<Double> {
        guard (0...numbers.count - next).contains(count) else { throw Unreadable() }
        next += count
        return numbers[next - count..<next]
    }

    mutating func list<Value>(
        _ each: (inout NumberReader) throws(Unreadable) -> Value
    ) throws(Unreadable) -> [Value] {
        let count = try integer()
        guard (0...numbers.count - next).contains(count) else { throw Unreadable() }
        var values: [Value] = []
        for _ in 0..<count { values.append(try each(&self)) }
        return values
    }

    private mutating func word<Value>(_ all: [Value]) throws(Unreadable) -> Value {
        let place = try integer()
        guard all.indices.contains(place) else { throw Unreadable() }
        return all[place]
    }
}
