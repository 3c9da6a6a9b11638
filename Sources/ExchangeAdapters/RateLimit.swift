/// What an exchange lets one address ask of some of its endpoints, and how we spread it.
public struct RateLimit: Hashable, Sendable {
    public let name: String
    /// Weight, or requests where each weighs 1, in a window.
    public let limit: Int
    public let windowSeconds: Double
    /// The least time between two calls.
    public let spacingSeconds: Double

    public init(_ name: String, limit: Int, windowSeconds: Double, spacingSeconds: Double = 0) {
        self.name = name
        self.limit = limit
        self.windowSeconds = windowSeconds
        self.spacingSeconds = spacingSeconds
    }
}
