import PerpCore

/// How the pipeline is, point by point, with what to do about it.
public struct DoctorReport: Hashable, Sendable, Codable {
    /// How urgent a point is.
    public enum Level: String, Hashable, Sendable, Codable {
        case ok
        /// Worth knowing; nothing to do.
        case info
        /// Wants attention.
        case warning
        case error
    }

    struct Point: Hashable, Sendable, Codable {
        /// `programs`, `settings`, `lock`, `disk`, `venues` and so on.
        var area: String
        var level: Level
        /// What was found, on one line.
        public var text: String
        /// What to do; `nil` when there is nothing to do.
        var advice: String?

        init(_ area: String, _ level: Level, _ text: String, advice: String? = nil) {
            self.area = area
            self.level = level
            self.text = text
            self.advice = advice
        }
    }

    /// A figure for a monitor.
    struct Gauge: Hashable, Sendable, Codable {
        /// `perps_disk_free_bytes`
        var name: String
        var help: String
        var labels: [String: String]
        var value: Double

        init(_ name: String, help: String, labels: [String: String] = [:], value: Double) {
            self.name = name
            self.help = help
            self.labels = labels
            self.value = value
        }
    }

    var time: Timestamp
    var points: [Point] = []
    var gauges: [Gauge] = []

    /// Starts an empty report at a time.
    public init(time: Timestamp) { self.time = time }

    /// Adds a point.
    public mutating func add(_ area: String, _ level: Level, _ text: String, advice: String? = nil) {
        points.append(Point(area, level, text, advice: advice))
    }

    /// Adds a figure for a monitor.
    public mutating func measure(
        _ name: String, _ value: Double, help: String, labels: [String: String] = [:]
    ) {
        gauges.append(Gauge(name, help: help, labels: labels, value: value))
    }

    /// Points that want attention.
    public var complaints: Int { points.count { $0.level == .warning || $0.level == .error } }
}
