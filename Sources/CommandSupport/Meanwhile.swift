import Dispatch

/// Work that runs on another thread while the caller continues.
public final class Meanwhile<Value: Sendable>: @unchecked Sendable {  // `group` guards the result
    private let group = DispatchGroup()
    private var result: Result<Value, any Error>?

    /// Starts the work.
    public init(_ work: @escaping @Sendable () throws -> Value) {
        DispatchQueue.global().async(group: group) { self.result = Result { try work() } }
    }

    /// The result of the work; waits until it has ended.
    /// - Throws: what the work threw.
    public func value() throws -> Value {
        group.wait()
        return try result!.get()  // the work has ended
    }
}
