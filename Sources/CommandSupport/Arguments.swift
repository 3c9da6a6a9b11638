import ArgumentParser
import PerpCore

// What people type on a command line is read in one place. Files and paths are read strictly, by the types themselves.

extension Exchange {
    /// Reads an id or a display name in any case: the transform of an option.
    /// - Throws: `ValidationError` when no exchange has the name.
    public static func argument(_ text: String) throws -> Exchange {
        guard let exchange = Exchange(named: text) else { throw ValidationError(miss(text)) }
        return exchange
    }

    /// Reads `okx,Gate.io`. The result is in the fixed order, with each exchange once.
    /// - Throws: `ValidationError` when no exchange has one of the names.
    public static func parse(list: String) throws -> [Exchange] {
        Set(try list.split(separator: ",").map { try argument($0.trimmed) }).sorted()
    }
}

extension Hour {
    /// Reads an hour as people write it: the transform of an option.
    /// - Throws: `ValidationError` when the text is not an hour.
    public static func argument(_ text: String) throws -> Hour {
        guard let hour = Hour(argument: text) else { throw ValidationError(miss(text)) }
        return hour
    }

    private static func miss(_ text: String) -> String {
        if CalendarDay(text.trimmed) != nil { return "'\(text)' is a day; an hour is written \(text.trimmed)T15" }
        return "'\(text)' is not an hour of UTC such as 2025-10-23T15"
    }
}

extension Hour: ExpressibleByArgument {
    /// Reads `2025-10-23T15`, and variants that can only mean the same: a space instead of the `T`, minutes and seconds
    /// that are zero, and a `Z` at the end. `nil` for anything else.
    public init?(argument text: String) {
        var text = text.trimmed
        if text.last == "Z" { text.removeLast() }
        let parts = text.split(maxSplits: 1, whereSeparator: { $0 == "T" || $0 == " " })
        guard parts.count == 2 else { return nil }
        let clock = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard (1...3).contains(clock.count), clock.dropFirst().allSatisfy({ ["00", "00.000"].contains($0) }) else {
            return nil
        }
        self.init("\(parts[0])T\(clock[0])")
    }
}

/// An amount of money as people write it.
public enum Dollars {
    private static let units = [
        "": 1, "k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12, "tn": 1e12,
    ]

    /// Reads `238.5B`, `238bn`, `$2.38e11`, `238500000000` as dollars: the transform of an option.
    /// - Throws: `ValidationError` when the text is not an amount above zero.
    public static func argument(_ text: String) throws -> Double {
        guard let dollars = parse(text) else {
            throw ValidationError("'\(text)' is not a number of dollars such as 238.5B or 2.385e11")
        }
        return dollars
    }

    /// Reads an amount in dollars; `nil` when the text is not an amount above zero.
    public static func parse(_ text: String) -> Double? {
        var text = text.trimmed
        if text.first == "$" { text.removeFirst() }
        // A number ends with a digit or a point; what follows is the unit.
        let end = text.lastIndex { $0.isNumber || $0 == "." }.map { text.index(after: $0) } ?? text.startIndex
        let digits = text[..<end]
        guard let unit = units[text[end...].trimmed.lowercased()],
            digits.allSatisfy({ $0.isASCII && ($0.isNumber || ".eE+-".contains($0)) }),
            let number = Double(digits), number.isFinite, number > 0
        else { return nil }
        return (number * unit).isFinite ? number * unit : nil
    }
}
