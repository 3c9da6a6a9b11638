/// A reader of the text format of Prometheus, as strict as a collector.
///
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats/
struct Exposition {
    struct Sample: Equatable {
        var labels: [String: String]
        var value: Double
    }

    struct Family: Equatable {
        var name: String
        var help: String
        var type: String
        var samples: [Sample] = []
    }

    struct Mistake: Error { var line: String }

    private(set) var families: [Family] = []

    init(parsing text: String) throws {
        guard text.hasSuffix("\n") else { throw Mistake(line: "the last line has no end") }
        var help: (name: String, text: String)?
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
            if line.hasPrefix("# HELP ") {
                help = (words[2], words[3])
            } else if line.hasPrefix("# TYPE ") {
                // Once a name, and with its help before it: all samples of a name stand together.
                guard let help, help.name == words[2], !families.contains(where: { $0.name == words[2] })
                else { throw Mistake(line: String(line)) }
                families.append(Family(name: words[2], help: help.text, type: words[3]))
            } else {
                let (name, sample) = try Self.sample(line)
                guard families.last?.name == name, families.last?.samples.contains(where: { $0.labels == sample.labels }) == false
                else { throw Mistake(line: String(line)) }
                families[families.count - 1].samples.append(sample)
            }
        }
    }

    private static func sample(_ line: Substring) throws -> (name: String, sample: Sample) {
        var rest = line
        let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            repeat {
                rest.removeFirst()
                let label = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
                rest = rest.dropFirst(label.count)
                guard !label.isEmpty, rest.hasPrefix("=\"") else { throw Mistake(line: String(line)) }
                rest = rest.dropFirst(2)
                labels[String(label)] = try value(&rest)
            } while rest.first == ","
            guard rest.first == "}" else { throw Mistake(line: String(line)) }
            rest.removeFirst()
        }
        guard !name.isEmpty, rest.first == " ", let number = Double(rest.dropFirst()) else {
            throw Mistake(line: String(line))
        }
        return (String(name), Sample(labels: labels, value: number))
    }

    /// Up to the closing quote, which goes too.
    private static func value(_ rest: inout Substring) throws -> String {
        var text = ""
        var scalars = rest.unicodeScalars
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"":
                rest = Substring(scalars)
                return text
            case "\\":
                guard let escaped = scalars.popFirst(), let meaning = ["n": "\n", "\\": "\\", "\"": "\""][String(escaped)]
                else { throw Mistake(line: text) }
                text += meaning
            default: text.unicodeScalars.append(scalar)
            }
        }
        throw Mistake(line: text)
    }
}
