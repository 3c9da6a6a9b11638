import ArgumentParser

/// Runs a program's work. An error becomes one line on standard error and the exit status that belongs to it.
///
/// Wrong usage and exit codes pass through; a setting that cannot be read is wrong usage.
/// - Parameters:
///   - program: the name that the line begins with.
///   - explain: returns what the line says of an error.
///   - body: the work.
/// - Throws: only `ExitCode` or `ValidationError`.
public func running<Result>(
    _ program: String, explain: (any Error) -> String = { "\($0)" }, _ body: () throws -> Result
) throws -> Result {
    do { return try body() } catch { throw ending(program, error, explain) }
}

/// Runs a program's asynchronous work in the same way.
/// - Throws: only `ExitCode` or `ValidationError`.
public func running<Result>(
    _ program: String, explain: (any Error) -> String = { "\($0)" }, isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Result
) async throws -> Result {
    do { return try await body() } catch { throw ending(program, error, explain) }
}

private func ending(_ program: String, _ error: any Error, _ explain: (any Error) -> String) -> any Error {
    if error is ExitCode || error is ValidationError { return error }
    if let error = error as? SettingError { return ValidationError("\(error)") }
    Diagnostics.report(program, explain(error))
    return ExitStatus(error).code
}
