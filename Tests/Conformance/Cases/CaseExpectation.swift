/// The expected result of one case: the lines of each of its files, and the results of queries to its warehouse.
struct CaseExpectation: Sendable {
    /// The name of the case's files up to the first dot.
    let id: String
    /// By the part of the file name between the case's name and `.ndjson`: `""`, `"1"`, `"binance"`.
    let files: KeyValuePairs<String, [Check]>
    let questions: [Question]

    /// The expectations of all cases that have one, by exchange.
    static let all: [CaseExpectation] = binance + okx + bybit + gate + bitget + onChain + sharedNames

    init(_ id: String, files: KeyValuePairs<String, [Check]>, asked questions: [Question] = []) {
        self.id = id
        self.files = files
        self.questions = questions
    }

    /// The expectation of a case with one file.
    init(_ id: String, _ checks: [Check], asked questions: [Question] = []) {
        self.init(id, files: ["": checks], asked: questions)
    }
}

/// The expected value of a field of a line, or of a column of a query's result.
enum Expected: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    case text(String)
    /// A number, equal within a relative difference of 1e-9.
    case number(Double)
    case oneOf([String])
    case otherThan(String)
    /// The key is missing, or the column is NULL.
    case absent

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(Double(value)) }
    init(floatLiteral value: Double) { self = .number(value) }

    func agrees(with found: Any?) -> Bool {
        switch self {
        case .text(let text): found as? String == text
        case .number(let number): (found as? Double).map { ValueCheck.agree($0, number) } ?? false
        case .oneOf(let texts): (found as? String).map(texts.contains) ?? false
        case .otherThan(let text): found.map { $0 as? String != text } ?? false
        case .absent: found == nil
        }
    }
}

extension Expected: CustomStringConvertible {
    var description: String {
        switch self {
        case .text(let text): "'\(text)'"
        case .number(let number): "\(number)"
        case .oneOf(let texts): "one of \(texts)"
        case .otherThan(let text): "anything but '\(text)'"
        case .absent: "nothing"
        }
    }
}

typealias Fields = KeyValuePairs<String, Expected>

/// One check of a staged file.
struct Check: Sendable {
    let name: String
    /// The differences from what is expected; empty when there are none.
    let problems: @Sendable (StagedLines) -> [String]
}

// MARK: - Kinds of checks

extension Check {
    /// These symbols have a ticker, and no others.
    static func tickers(_ symbols: String...) -> Check { only("ticker", symbols) }

    /// These symbols have an instrument, and no others.
    static func instruments(_ symbols: String...) -> Check { only("instrument", symbols) }

    private static func only(_ record: String, _ symbols: [String]) -> Check {
        Check(name: "\(symbols.count) lines '\(record)'") { staged in
            let found = staged.all(record).map { $0.text("symbol") ?? "" }.sorted()
            let missing = symbols.filter { !found.contains($0) }.map { "\(record) \($0): is missing" }
            let extra = found.filter { !symbols.contains($0) }.map { "\(record) \($0): should not be there" }
            if missing.isEmpty, extra.isEmpty, found.count != symbols.count {
                return ["\(found.count) lines '\(record)', not \(symbols.count)"]
            }
            return missing + extra
        }
    }

    static func ticker(_ symbol: String, _ fields: Fields) -> Check {
        line("ticker", ["symbol": .text(symbol)], fields)
    }

    static func instrument(_ symbol: String, _ fields: Fields) -> Check {
        line("instrument", ["symbol": .text(symbol)], fields)
    }

    /// Exactly one line of this kind matches `which`, and it has these fields.
    static func line(_ record: String, _ which: Fields, _ fields: Fields) -> Check { lines(1, record, which, fields) }

    /// Exactly `count` lines of this kind match `which`, and each has these fields.
    static func lines(_ count: Int, _ record: String, _ which: Fields, _ fields: Fields = [:]) -> Check {
        let name = ([record] + which.map { "\($0.value)" }).joined(separator: " ")
        return Check(name: name) { staged in
            let found = staged.all(record).filter { line in which.allSatisfy { $1.agrees(with: line.found($0)) } }
            var problems = found.count == count ? [] : ["\(name): \(found.count) lines, not \(count)"]
            for line in found {
                for (key, value) in fields where !value.agrees(with: line.found(key)) {
                    let ours = line.found(key).map { "\($0)" } ?? "nothing"
                    problems.append("\(name): \(key) is \(ours), not \(value)")
                }
            }
            return problems
        }
    }

    /// The file has exactly `count` lines of this kind.
    static func count(_ record: String, _ count: Int) -> Check {
        Check(name: "\(count) lines '\(record)'") { staged in
            let found = staged.all(record).count
            return found == count ? [] : ["\(found) lines '\(record)', not \(count)"]
        }
    }

    /// The responses made no record.
    static let noRecord = Check(name: "no record") { staged in
        staged.recordKinds.map { "there is a line '\($0)'" }
    }

    /// A rejection of the endpoint contains all these words in its symbol, field, reason or value.
    static func rejection(_ endpoint: String, _ words: String...) -> Check {
        Check(name: "rejection of \(endpoint)") { staged in
            let refused = staged.rejections(of: endpoint)
            if refused.contains(where: { line in words.allSatisfy(line.says) }) { return [] }
            let found = refused.isEmpty ? "there is none" : "they say \(refused.map(\.spoken))"
            return ["no rejection of \(endpoint) says \(words.isEmpty ? "why" : "\(words)"): \(found)"]
        }
    }

    /// The endpoint has no rejection.
    static func nothingRejected(of endpoint: String) -> Check {
        Check(name: "no rejection of \(endpoint)") { staged in
            staged.rejections(of: endpoint).map { "\(endpoint): is rejected: \($0.spoken)" }
        }
    }

    /// These symbols of an endpoint are in no instruments response, and one rejection says how many they are and names
    /// one of them.
    static func unlisted(_ endpoint: String, _ symbols: String...) -> Check {
        Check(name: "\(symbols.count) unlisted of \(endpoint)") { staged in
            let counted = staged.unlisted(endpoint)
            var problems = counted == symbols.count ? [] : ["\(endpoint): \(counted) unlisted, not \(symbols.count)"]
            let told = staged.rejections(of: endpoint).filter { line in symbols.contains { line.says($0) } }
            if told.count != 1 { problems.append("\(endpoint): \(told.count) rejections tell of the unlisted, not 1") }
            for line in told where !line.says("\(symbols.count)") {
                problems.append("\(endpoint): the rejection does not say how many: \(line.spoken)")
            }
            return problems
        }
    }

    /// The first line has these fields.
    static func source(_ fields: Fields) -> Check {
        Check(name: "source") { staged in
            fields.compactMap { key, value in
                let found = staged.source.found(key)
                return value.agrees(with: found) ? nil : "source: \(key) is \(found ?? "nothing"), not \(value)"
            }
        }
    }

    /// The first line has these counts of an endpoint's requests.
    static func calls(_ endpoint: String, ok: Int, failed: Int) -> Check {
        Check(name: "calls of \(endpoint)") { staged in
            let counts = staged.counts(endpoint)
            if counts.ok == ok, counts.failed == failed { return [] }
            return ["\(endpoint): ok \(counts.ok), failed \(counts.failed), not \(ok) and \(failed)"]
        }
    }
}

/// A query to the warehouse, and the rows that it must return.
struct Question: Sendable {
    let sql: String
    let rows: [[Expected]]

    static func ask(_ sql: String, _ rows: [Expected]...) -> Question { Question(sql: sql, rows: rows) }

    func problems(with found: [[Any?]]) -> [String] {
        let agrees =
            found.count == rows.count
            && zip(found, rows).allSatisfy { ours, right in
                ours.count == right.count && zip(ours, right).allSatisfy { $1.agrees(with: $0) }
            }
        if agrees { return [] }
        let ours = found.map { row in row.map { $0.map { "\($0)" } ?? "NULL" }.joined(separator: "|") }
        return ["\(sql): returns \(ours), not \(rows)"]
    }
}

extension [String: Any] {
    /// The value as a text or a number.
    fileprivate func found(_ key: String) -> Any? {
        if let text = text(key) { return text }
        return number(key)
    }

    /// Whether a rejection contains the word.
    fileprivate func says(_ word: String) -> Bool { spoken.lowercased().contains(word.lowercased()) }

    /// A rejection in one line.
    fileprivate var spoken: String {
        ["symbol", "field", "reason", "value"].compactMap(text).joined(separator: " ")
    }
}

extension StagedLines {
    fileprivate func rejections(of endpoint: String) -> [[String: Any]] {
        all("rejection").filter { $0.text("endpoint") == endpoint }
    }
}
