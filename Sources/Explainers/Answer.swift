import Explaining
import PerpCore
import Warehouse

/// An explanation, and how it ended.
package struct Answer {
    package var explanation: Explanation
    /// Whether there is no such number.
    var isMissing = false
    /// Whether a file is not the one that was loaded, or gives another value.
    var isDoubtful = false

    init(_ question: String) { explanation = Explanation(question) }

    /// Says that there is no such number, why, and what can be done.
    mutating func miss(_ why: [Explanation.Fact], next: [String]) {
        isMissing = true
        explanation.add("missing", why)
        explanation.add("next", rows: next.map { [Explanation.Fact("what to do", $0)] })
    }
}

extension StoredRow {
    /// All columns as facts, without those that say nothing here.
    func facts(without left: Set<String> = []) -> [Explanation.Fact] {
        columns.filter { !left.contains($0.name) }.map { Explanation.Fact($0.name, $0.value) }
    }
}
