import PerpCore

/// The way back of a number, from the view in which it is seen to the bytes that it was made from.
public struct Explanation: Hashable, Sendable {
    /// Something that is known, with its name.
    public struct Fact: Hashable, Sendable {
        /// What it is: the name of a column, or words in snake_case.
        public var name: String
        /// What is known; `missing` is printed as `NULL`.
        public var value: FieldValue

        /// Names a value.
        public init(_ name: String, _ value: FieldValue) {
            self.name = name
            self.value = value
        }

        /// Names a text; `nil` is a missing value.
        public init(_ name: String, _ text: String?) { self.init(name, text.map(FieldValue.text) ?? .missing) }

        /// Names a number; `nil` is a missing value.
        public init(_ name: String, _ number: Double?) { self.init(name, number.map(FieldValue.number) ?? .missing) }

        /// Names a whole number.
        public init(_ name: String, _ number: Int) { self.init(name, .integer(Int64(number))) }
    }

    /// One step on the way: its facts, and where it has several parts a row for each of them.
    public struct Step: Hashable, Sendable {
        /// What the step is: `view`, `table`, `rule`, `staged`, `raw`, `bytes`, …
        public var title: String
        /// What is known of it, in the order of printing.
        public var facts: [Fact]
        /// Its parts, each with the same names.
        public var rows: [[Fact]]

        /// A step without parts, or with some.
        public init(_ title: String, _ facts: [Fact] = [], rows: [[Fact]] = []) {
            self.title = title
            self.facts = facts
            self.rows = rows
        }
    }

    /// What was asked, as it was understood.
    public var question: String
    /// The steps, from the view back to the bytes.
    public var steps: [Step] = []

    /// An explanation without steps.
    public init(_ question: String) { self.question = question }

    /// Adds a step.
    public mutating func add(_ title: String, _ facts: [Fact] = [], rows: [[Fact]] = []) {
        steps.append(Step(title, facts, rows: rows))
    }
}

extension Explanation {
    /// The explanation for people.
    public var text: String {
        "\(question.printable)\n" + steps.map { "\n\($0.title)\n" + $0.factText + $0.rowText }.joined()
    }

    /// The explanation as JSON, with keys in snake_case.
    ///
    /// - Throws: `EncodingError` when a number is not finite.
    public func json() throws -> String { try JSONText.pretty(self) }
}

extension Explanation.Step {
    fileprivate var factText: String {
        let width = facts.map(\.name.count).max() ?? 0
        return facts.map { "   \($0.name.padded(to: width))  \($0.text)\n" }.joined()
    }

    /// A table with the names above it.
    fileprivate var rowText: String {
        guard let first = rows.first else { return "" }
        let table = [first.map(\.name)] + rows.map { $0.map(\.text) }
        let widths = first.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        return table.map { row in
            let line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
            return "   \(line.trimmedAtEnd)\n"
        }.joined()
    }
}

extension Explanation.Fact {
    /// The value as people read it: a time with its date, since it is milliseconds.
    var text: String {
        switch value {
        case .missing: return "NULL"
        case .number(let number): return "\(number)"
        case .integer(let number) where name.hasSuffix("_ms"):
            return "\(number) (\(Timestamp(milliseconds: number)))"
        case .integer(let number): return "\(number)"
        case .text(let text): return text.printable
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self
    }

    fileprivate var trimmedAtEnd: String {
        guard let last = lastIndex(where: { $0 != " " }) else { return "" }
        return String(self[...last])
    }
}

// MARK: - JSON

extension Explanation: Encodable {
    private enum CodingKeys: String, CodingKey { case question, steps }

    /// Writes the question and the steps.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(question, forKey: .question)
        try container.encode(steps, forKey: .steps)
    }
}

extension Explanation.Step: Encodable {
    private enum CodingKeys: String, CodingKey { case step, facts, rows }

    /// Writes facts as an object, and rows as a list of objects.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(title, forKey: .step)
        if !facts.isEmpty { try container.encode(FactObject(facts: facts), forKey: .facts) }
        if !rows.isEmpty { try container.encode(rows.map(FactObject.init), forKey: .rows) }
    }
}

/// Facts as the members of an object. What is missing is `null`.
private struct FactObject: Encodable {
    var facts: [Explanation.Fact]

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for fact in facts {
            let key = Key(stringValue: fact.name)
            switch fact.value {
            case .missing: try container.encodeNil(forKey: key)
            case .number(let number): try container.encode(number, forKey: key)
            case .integer(let number): try container.encode(number, forKey: key)
            case .text(let text): try container.encode(text, forKey: key)
            }
        }
    }
}
