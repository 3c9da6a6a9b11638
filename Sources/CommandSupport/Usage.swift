import ArgumentParser

/// Reads a setting; one that is not what it should be is wrong usage, in its own words.
public func asUsage<Value>(_ read: () throws -> Value) throws(ValidationError) -> Value {
    do { return try read() } catch { throw ValidationError("\(error)") }
}
