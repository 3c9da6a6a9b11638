import PerpCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension DoctorReport {
    /// A line each, and below it what to do.
    public func text(coloured: Bool) -> String {
        let width = points.map(\.area.utf8.count).max() ?? 0
        let lines = points.map { point in
            let advice = point.advice.map { "\n          " + String(repeating: " ", count: width) + "-> \($0)" } ?? ""
            let area = point.area.padded(to: width)
            return "\(point.level.mark(coloured: coloured))  \(area)  \(point.text.printable)\(advice)\n"
        }
        let verdict =
            complaints == 0
            ? "all is well" : "\(complaints) \(complaints == 1 ? "point wants" : "points want") attention"
        return lines.joined() + "\(points.count) points at \(time): \(verdict)\n"
    }

    /// The report as JSON.
    ///
    /// - Throws: `EncodingError` when a figure is not finite.
    public func json() throws -> String {
        try JSONText.pretty(self)
    }

    /// The gauges in the text format that a collector reads from a file.
    ///
    /// Source: https://prometheus.io/docs/instrumenting/exposition_formats/
    public var metrics: String {
        var all = gauges
        for area in Set(points.map(\.area)).sorted() {
            for level in [Level.warning, .error] {
                all.append(
                    Gauge(
                        "perps_doctor_complaints", help: "Points of the doctor that want attention",
                        labels: ["area": area, "level": level.rawValue],
                        value: Double(points.count { $0.area == area && $0.level == level })))
            }
        }
        all.append(
            Gauge(
                "perps_doctor_time_seconds", help: "When the doctor looked", value: Double(time.milliseconds / 1000)))
        var text = ""
        var described: Set<String> = []
        for gauge in all.sorted(by: { $0.name < $1.name }) {
            if described.insert(gauge.name).inserted {
                text += "# HELP \(gauge.name) \(Gauge.escaped(gauge.help, quotes: false))\n# TYPE \(gauge.name) gauge\n"
            }
            text += gauge.line
        }
        return text
    }
}

extension DoctorReport.Level {
    fileprivate func mark(coloured: Bool) -> String {
        let (word, colour) =
            switch self {
            case .ok: ("ok   ", "32")
            case .info: ("info ", "36")
            case .warning: ("WARN ", "33")
            case .error: ("ERROR", "31")
            }
        return coloured ? "\u{1B}[\(colour)m\(word)\u{1B}[0m" : word
    }
}

extension DoctorReport.Gauge {
    fileprivate var line: String {
        let labels = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
        let number = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
        return "\(name)\(labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") \(number)\n"
    }

    /// Scalar by scalar: a carriage return and a line feed are one character.
    static func escaped(_ value: String, quotes: Bool = true) -> String {
        value.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"" where quotes: "\\\""
            case "\n": "\\n"
            default: String(scalar)
            }
        }.joined()
    }
}
