/// Why a whole response is rejected.
///
/// The descriptions are in staged files: another wording changes staged bytes and needs a new `transformVersion`.
enum AdapterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The body is an error of the exchange.
    case refused(String)
    /// The body lacks the member that holds its rows.
    case unexpectedShape(expected: String)

    var description: String {
        switch self {
        case .refused(let message): "the venue answered with an error: '\(message)'"
        case .unexpectedShape(let expected): "the body has no \(expected)"
        }
    }
}

/// Why one row of a response is rejected. The reasons are in staged files, as those of `AdapterError`.
enum FieldError: Error, Hashable, Sendable, CustomStringConvertible {
    case missing(field: String)
    case notText(field: String, value: String)
    case notANumber(field: String, value: String)
    case notPositive(field: String, value: String)
    case negative(field: String, value: String)
    case notATime(field: String, value: String)
    case unknown(field: String, value: String)
    case duplicate(field: String, value: String)

    var field: String {
        switch self {
        case .missing(let field), .notText(let field, _), .notANumber(let field, _), .notPositive(let field, _),
            .negative(let field, _), .notATime(let field, _), .unknown(let field, _), .duplicate(let field, _):
            field
        }
    }

    /// The value found; `nil` when the field is missing.
    var value: String? {
        switch self {
        case .missing: nil
        case .notText(_, let value), .notANumber(_, let value), .notPositive(_, let value), .negative(_, let value),
            .notATime(_, let value), .unknown(_, let value), .duplicate(_, let value):
            value
        }
    }

    /// What is wrong, without the field and the value.
    var reason: String {
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

    var description: String {
        "field '\(field)' \(reason)" + (value.map { ": '\($0)'" } ?? "")
    }
}
