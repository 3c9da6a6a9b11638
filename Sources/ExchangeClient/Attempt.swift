import PerpCore
import Transport

/// One try of a call, with what came back.
public struct Attempt: Sendable {
    /// The call as sent.
    public let call: Call
    /// The time of sending by our clock.
    public let sentAt: Timestamp
    /// The time of receipt, or of failure, by our clock.
    public let receivedAt: Timestamp
    /// The number of the try, from 1.
    public let number: Int
    /// What the network returned.
    public let reply: Reply
    /// Why the attempt failed; `nil` when it succeeded.
    public let failure: CallFailure?
}

/// What the exchange's adapter finds in a body.
public enum BodyVerdict: Hashable, Sendable {
    /// A usable response.
    case response
    /// An error envelope, which begins with the exchange's code: `"50011 Too Many Requests"`.
    case refusal(String)
    /// A body that is not JSON, with the parser's reason.
    case unreadable(String)
}

/// Why a call failed.
public struct CallFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure, by which the ledger counts.
    public enum Kind: String, Hashable, Sendable {
        /// No connection, a timeout, a cut connection, or a status of 408 or of 500 and above.
        case down
        /// Too many calls: status 429, or an error code of that meaning.
        case rateLimited = "rate_limited"
        /// A ban of this address for a time: status 418, or 403 with the words of a ban.
        case banned
        /// Status 403 or 451: the exchange does not serve this address.
        case blocked
        /// The exchange declined the call: any other status except 200, or an error code.
        case refused
        /// A page of HTML, damaged gzip, a body too large or not JSON.
        case unreadable
    }

    /// The kind of failure.
    public let kind: Kind
    /// One line, lower case, without a full stop.
    public let description: String

    /// A failure with its kind and a line for messages.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
