import PerpCore

/// How the pipeline is, point by point, with what to do about it.
public struct DoctorReport: Hashable, Sendable, Codable {
    public enum Level: String, Hashable, Sendable, Codable {
        case ok
        /// Worth knowing; nothing to do.
        case info
        /// Wants attention.
        case warning
        case error
    }

    public struct Point: Hashable, Sendable, Codable {
        /// `program`, `setting`, `lock`, `disk`, `venue` and so on.
        public var area: String
        public var level: Level
        public var text: String
        /// What to do; `nil` when there is nothing to do.
        public var advice: String?

        public init(_ area: String, _ level: Level, _ text: String, advice: String? = nil) {
            self.area = area
            self.level = level
            self.text = text
            self.advice = advice
        }
    }

    /// A figure for a monitor.
    public struct Gauge: Hashable, Sendable, Codable {
        /// `perps_disk_free_bytes`
        public var name: String
        public var help: String
        public var labels: [String: String]
        public var value: Double

        public init(_ name: String, help: String, labels: [String: String] = [:], value: Double) {
            self.name = name
            self.help = help
            self.labels = labels
            self.value = value
        }
    }

    public var time: Timestamp
    public var points: [Point] = []
    public var gauges: [Gauge] = []

    public init(time: Timestamp) { self.time = time }

    public mutating func add(_ area: String, _ level: Level, _ text: String, advice: String? = nil) {
        points.append(Point(area, level, text, advice: advice))
    }

    public mutating func measure(
        _ name: String, _ value: Double, help: String, labels: [String: String] = [:]
    ) {
        gauges.append(Gauge(name, help: help, labels: labels, value: value))
    }

    /// Points that want attention.
    public var complaints: Int { points.count { $0.level == .warning || $0.level == .error } }
}
