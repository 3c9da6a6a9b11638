import Dispatch

/// Work on a thread of its own while the caller goes on.
public final class Meanwhile<Value: Sendable>: @unchecked Sendable {  // `group` guards the result
    private let group = DispatchGroup()
    private var result: Result<Value, any Error>?

    public init(_ work: @escaping @Sendable () throws -> Value) {
        DispatchQueue.global().async(group: group) { self.result = Result { try work() } }
    }

    /// What came of it; waits for the end.
    public func value() throws -> Value {
        group.wait()
        return try result!.get()  // the work has ended
    }
}
