import ArgumentParser

/// Reads a setting and turns any error into wrong usage with the same message.
/// - Throws: `ValidationError`.
public func asUsage<Value>(_ read: () throws -> Value) throws(ValidationError) -> Value {
    do { return try read() } catch { throw ValidationError("\(error)") }
}
