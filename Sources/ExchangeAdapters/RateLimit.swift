/// A limit of an exchange on calls from one IP address to some of its endpoints.
public struct RateLimit: Hashable, Sendable {
    /// The name that endpoints refer to.
    public let name: String
    /// The most weight per window; each call has a weight, usually 1.
    public let limit: Int
    /// The length of the window.
    public let windowSeconds: Double
    /// The least time between two calls; 0 for none.
    public let spacingSeconds: Double

    /// A limit of `limit` units of weight per window.
    public init(_ name: String, limit: Int, windowSeconds: Double, spacingSeconds: Double = 0) {
        self.name = name
        self.limit = limit
        self.windowSeconds = windowSeconds
        self.spacingSeconds = spacingSeconds
    }
}
