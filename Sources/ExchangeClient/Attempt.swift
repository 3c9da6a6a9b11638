import PerpCore
import Transport

/// What came of sending a call once.
public struct Attempt: Sendable {
    public let call: Call
    /// Our clock.
    public let sentAt: Timestamp
    public let receivedAt: Timestamp
    /// 1 for the first try.
    public let number: Int
    public let reply: Reply
    /// Why the attempt is not a response; `nil` when it is one.
    public let failure: CallFailure?
}

/// What a body is to the exchange's adapter.
public enum BodyVerdict: Hashable, Sendable {
    case answer
    /// An error envelope, which begins with the exchange's code: `"50011 Too Many Requests"`.
    case refusal(String)
    /// Not the JSON that it should be, and why.
    case unreadable(String)
}

/// Why a call failed.
public struct CallFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the ledger counts.
    public enum Kind: String, Hashable, Sendable {
        /// No connection, a timeout, a cut connection, a status of 500 and above.
        case down
        case rateLimited = "rate_limited"
        case banned
        /// 403 or 451: the exchange does not serve this address.
        case blocked
        /// The exchange understood and declined: another status of 400 and above, an error envelope.
        case refused
        /// A page of HTML, damaged gzip, a body too large or not JSON.
        case unreadable
    }

    public let kind: Kind
    /// One line, lower case, without a full stop.
    public let description: String

    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
