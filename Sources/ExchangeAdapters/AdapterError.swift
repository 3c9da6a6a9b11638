/// Why a whole response is set aside.
public enum AdapterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The exchange says that it failed.
    case refused(String)
    /// The body lacks the member that its rows stand in.
    case unexpectedShape(expected: String)

    public var description: String {
        switch self {
        case .refused(let message): "the venue answered with an error: '\(message)'"
        case .unexpectedShape(let expected): "the body has no \(expected)"
        }
    }
}

/// Why one row of a response is set aside.
public enum FieldError: Error, Hashable, Sendable, CustomStringConvertible {
    case missing(field: String)
    case notText(field: String, value: String)
    case notANumber(field: String, value: String)
    case notPositive(field: String, value: String)
    case negative(field: String, value: String)
    case notATime(field: String, value: String)
    case unknown(field: String, value: String)
    case duplicate(field: String, value: String)

    public var field: String {
        switch self {
        case .missing(let field), .notText(let field, _), .notANumber(let field, _), .notPositive(let field, _),
            .negative(let field, _), .notATime(let field, _), .unknown(let field, _), .duplicate(let field, _):
            field
        }
    }

    /// What was found; `nil` when nothing was.
    public var value: String? {
        switch self {
        case .missing: nil
        case .notText(_, let value), .notANumber(_, let value), .notPositive(_, let value), .negative(_, let value),
            .notATime(_, let value), .unknown(_, let value), .duplicate(_, let value):
            value
        }
    }

    /// What is wrong, without the field and the value.
    public var reason: String {
        switch self {
        case .missing: "is missing"
        case .notText: "is not text"
        case .notANumber: "is not a decimal number"
        case .notPositive: "is not above zero"
        case .negative: "is below zero"
        case .notATime: "is not a time"
        case .unknown: "is not a known value"
        case .duplicate: "repeats an earlier row"
        }
    }

    public var description: String {
        "field '\(field)' \(reason)" + (value.map { ": '\($0)'" } ?? "")
    }
}
