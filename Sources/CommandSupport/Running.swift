import ArgumentParser

/// Runs a program's work. What it throws becomes one line on standard error and the exit status that belongs to it.
///
/// Wrong usage and exit codes go on as they are; a setting that cannot be read is wrong usage.
/// - Parameters:
///   - program: the name that the line begins with.
///   - explain: what the line says of an error.
/// - Throws: `ExitCode` or `ValidationError`, and nothing else.
public func running<Result>(
    _ program: String, explain: (any Error) -> String = { "\($0)" }, _ body: () throws -> Result
) throws -> Result {
    do { return try body() } catch { throw ending(program, error, explain) }
}

/// The same for work that waits.
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
