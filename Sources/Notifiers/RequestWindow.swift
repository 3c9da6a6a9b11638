/// At most so many requests in any stretch of a length: five in two seconds for a webhook.
struct RequestWindow {
    let most: Int
    /// Seconds.
    let length: Double
    private var recent: [Double] = []

    init(most: Int = 5, length: Double = 2) {
        self.most = most
        self.length = length
    }

    /// Seconds to wait before the next request.
    func wait(now: Double) -> Double {
        guard recent.count >= most else { return 0 }
        return max(0, recent[recent.count - most] + length - now)
    }

    mutating func note(_ now: Double) {
        recent.append(now)
        if recent.count > most { recent.removeFirst(recent.count - most) }
    }
}
