import PerpCore

/// A fault of one response.
public enum Fault: Hashable, Sendable {
    /// This status, with the exchange's error body where it has one, and a `retry-after` in seconds unless `nil`.
    case status(Int, retryAfter: Int?)
    /// Status 418 and a text with the end of the ban, so many seconds ahead.
    case ban(seconds: Int)
    /// Silence of so many seconds before the response.
    case delay(seconds: Double)
    /// The response at this pace.
    case slow(bytesPerSecond: Int)
    /// The connection ends after so many bytes of the body; in its middle when `nil`.
    case cut(after: Int?)
    /// The gzip stream ends early, in a complete HTTP message.
    case truncatedGzip
    /// The JSON ends early, in a complete HTTP message.
    case truncate
    /// An HTML page with status 200 and a JSON content type.
    case html
    /// The exchange's own error envelope, with status 200.
    case error
    /// The response with its largest list emptied.
    case empty
    /// Status 200 and no bytes at all.
    case noBody
    /// The rows of the largest list twice.
    case duplicate
    /// A field under another name.
    case rename(from: String, to: String)
    /// A body that never ends.
    case endless
    /// A small gzip that holds this many megabytes of zeros.
    case bomb(megabytes: Int)
}

/// A fault, and the requests that it applies to.
public struct FaultRule: Hashable, Sendable {
    /// The exchange; `nil` for all.
    public var exchange: Exchange?
    /// A text in the path with its query, or in the body; `nil` for any request.
    public var text: String?
    /// The hours; `nil` for all.
    public var hours: ClosedRange<Hour>?
    /// The number of the first matching request to which it applies, from 1.
    public var first: Int
    /// The most requests to which it applies; `nil` for all.
    public var count: Int?
    /// What goes wrong.
    public var fault: Fault

    /// A rule that by default applies to every request.
    public init(
        exchange: Exchange? = nil, text: String? = nil, hours: ClosedRange<Hour>? = nil, first: Int = 1,
        count: Int? = nil, fault: Fault
    ) {
        self.exchange = exchange
        self.text = text
        self.hours = hours
        self.first = first
        self.count = count
        self.fault = fault
    }

    func matches(_ request: SimulatedRequest, target: String, hour: Hour) -> Bool {
        if let exchange, exchange != request.exchange { return false }
        if let hours, !hours.contains(hour) { return false }
        guard let text else { return true }
        return target.contains(text) || request.body.contains(text)
    }
}

/// A line of a plan that cannot be read.
public struct FaultPlanError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number of the line, from 1.
    public let line: Int
    /// What is wrong with it.
    public let reason: String

    /// One lower-case line for messages.
    public var description: String { "fault plan: line \(line): \(reason)" }
}

/// The rules for faults of responses, in the order of a text with one rule per line.
public struct FaultPlan: Sendable {
    /// The rules; the first one that applies to a request decides.
    public var rules: [FaultRule]

    /// A plan of rules; without rules, nothing goes wrong.
    public init(rules: [FaultRule] = []) { self.rules = rules }

    /// The format, for `--help` and the documentation.
    public static let help = """
        One rule a line: WHERE -> WHAT. `#` begins a comment.
        WHERE  EXCHANGE|* [PART|*] [hour=H | hour=FROM..TO] [nth=N] [from=N] [count=N]
               PART must occur in the path with its query, or in the body. nth=3 is from=3 count=1.
               Requests are counted for each rule, over all its hours; the first rule that fits wins.
        WHAT   status CODE [retry-after=SECONDS]   ban [SECONDS]       delay SECONDS
               slow BYTES-A-SECOND                 cut [AFTER-BYTES]   truncated-gzip
               truncate   html   error   empty     no-body             duplicate
               endless    bomb [MEGABYTES]         rename FIELD NAME
        Example: okx /public/open-interest hour=2025-10-23T15 count=2 -> status 429 retry-after=3
        """

    /// Reads a plan in the format that `help` describes.
    ///
    /// - Throws: `FaultPlanError` for the first line that is not a rule.
    public init(parsing text: String) throws(FaultPlanError) {
        rules = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.prefix { $0 != "#" }
            if content.allSatisfy(\.isWhitespace) { continue }
            rules.append(try Self.rule(content, line: number + 1))
        }
    }

    private static func rule(_ text: Substring, line: Int) throws(FaultPlanError) -> FaultRule {
        guard let arrow = text.firstRange(of: "->") else {
            throw FaultPlanError(line: line, reason: "has no '->' between where and what")
        }
        let scope = text[..<arrow.lowerBound].split(whereSeparator: \.isWhitespace).map(String.init)
        let effect = text[arrow.upperBound...].split(whereSeparator: \.isWhitespace).map(String.init)
        var rule = FaultRule(fault: try fault(effect, line: line))
        guard let name = scope.first, !name.contains("=") else {
            throw FaultPlanError(line: line, reason: "names no exchange; write * for all")
        }
        if name != "*" {
            guard let exchange = Exchange(rawValue: name) else {
                throw FaultPlanError(line: line, reason: "'\(name)' is no exchange")
            }
            rule.exchange = exchange
        }
        for word in scope.dropFirst() {
            let sides = word.split(separator: "=", maxSplits: 1).map(String.init)
            switch (sides.first, sides.count) {
            case ("hour", 2): rule.hours = try hours(sides[1], line: line)
            case ("nth", 2):
                rule.first = try positive(sides[1], line: line)
                rule.count = 1
            case ("from", 2): rule.first = try positive(sides[1], line: line)
            case ("count", 2): rule.count = try positive(sides[1], line: line)
            default:
                guard rule.text == nil else {
                    throw FaultPlanError(line: line, reason: "'\(word)' is a second part of a path")
                }
                rule.text = word == "*" ? nil : word
            }
        }
        return rule
    }

    private static func hours(_ text: String, line: Int) throws(FaultPlanError) -> ClosedRange<Hour> {
        let ends: [Hour?]
        if let dots = text.firstRange(of: "..") {
            ends = [Hour(text[..<dots.lowerBound]), Hour(text[dots.upperBound...])]
        } else {
            ends = [Hour(text), Hour(text)]
        }
        guard let first = ends[0], let last = ends[1], first <= last else {
            throw FaultPlanError(line: line, reason: "'\(text)' is no hour or span of hours such as 2025-10-23T15")
        }
        return first...last
    }

    private static func positive(_ text: String, line: Int) throws(FaultPlanError) -> Int {
        guard let number = Int(text), number > 0 else {
            throw FaultPlanError(line: line, reason: "'\(text)' is no positive whole number")
        }
        return number
    }

    private static func fault(_ words: [String], line: Int) throws(FaultPlanError) -> Fault {
        guard let name = words.first else { throw FaultPlanError(line: line, reason: "says nothing after '->'") }
        if name == "rename" {
            guard words.count == 3 else {
                throw FaultPlanError(line: line, reason: "'rename' needs a field and its new name")
            }
            return .rename(from: words[1], to: words[2])
        }
        var argument: String?
        var retryAfter: Int?
        for word in words.dropFirst() {
            if word.hasPrefix("retry-after=") {
                retryAfter = try positive(String(word.dropFirst("retry-after=".count)), line: line)
            } else if argument == nil {
                argument = word
            } else {
                throw FaultPlanError(line: line, reason: "'\(word)' is one word too many")
            }
        }
        func number(or standard: Int? = nil) throws(FaultPlanError) -> Int {
            if argument == nil, let standard { return standard }
            guard let argument else { throw FaultPlanError(line: line, reason: "'\(name)' needs a number") }
            return try positive(argument, line: line)
        }
        switch name {
        case "status":
            let status = try number()
            guard (200...599).contains(status) else {
                throw FaultPlanError(line: line, reason: "'\(status)' is no status between 200 and 599")
            }
            return .status(status, retryAfter: retryAfter)
        case "ban": return .ban(seconds: try number(or: 120))
        case "delay":
            guard let seconds = argument.flatMap(Double.init), seconds >= 0, seconds <= 86_400 else {
                throw FaultPlanError(line: line, reason: "'delay' needs seconds")
            }
            return .delay(seconds: seconds)
        case "slow": return .slow(bytesPerSecond: try number())
        case "cut": return .cut(after: argument == "0" ? 0 : argument == nil ? nil : try number())
        case "truncated-gzip": return .truncatedGzip
        case "truncate": return .truncate
        case "html": return .html
        case "error": return .error
        case "empty": return .empty
        case "no-body": return .noBody
        case "duplicate": return .duplicate
        case "endless": return .endless
        case "bomb": return .bomb(megabytes: try number(or: 10_000))
        default: throw FaultPlanError(line: line, reason: "'\(name)' is no fault")
        }
    }
}

/// Counts the matching requests of each rule of a plan.
public struct FaultCounter: Sendable {
    private let plan: FaultPlan
    private var met: [Int]

    /// A counter at the first request.
    public init(_ plan: FaultPlan) {
        self.plan = plan
        met = Array(repeating: 0, count: plan.rules.count)
    }

    /// The fault of the next request; `nil` for none.
    ///
    /// - Parameter target: the request's path with its query.
    public mutating func fault(for request: SimulatedRequest, target: String, at hour: Hour) -> Fault? {
        var result: Fault?
        for (index, rule) in plan.rules.enumerated() where rule.matches(request, target: target, hour: hour) {
            met[index] += 1
            let end = rule.count.map { rule.first + $0 } ?? .max
            if result == nil, met[index] >= rule.first, met[index] < end { result = rule.fault }
        }
        return result
    }
}
