import PerpCore

/// How one raw file became a staged one: a line for a program that hands paths to `transform`.
///
/// `{"path":"raw/2025-10-23/15/okx.ndjson.gz","raw_sha256":"…","staged":"staged/…","staged_sha256":"…","rows":812,"rejections":3}`,
/// or with `error` and `status` instead of the last four. What is not known is left out.
public struct StagingStatus: Hashable, Sendable {
    /// The raw file, as it was named.
    public var path: String
    /// The SHA-256 of its stored bytes; `nil` when it could not be read.
    public var rawSHA256: String?
    /// The staged file; `nil` when there is none.
    public var staged: String?
    /// The SHA-256 of the staged file's stored bytes, as the ledger has it; `nil` when there is none.
    public var stagedSHA256: String?
    /// Records of all kinds, as the ledger counts them; `nil` when there is no staged file.
    public var rows: Int?
    /// What could not be understood; `nil` when there is no staged file.
    public var rejections: Int?
    /// Why there is no staged file; `nil` when there is one.
    public var error: String?
    /// The exit status of a run of this file alone; `nil` for 0.
    public var exitStatus: Int32?

    /// Creates the status of a file of which nothing else is known yet.
    public init(path: String) { self.path = path }

    /// The status as one line of JSON, with its line feed.
    public var line: String {
        let buffer = ByteBuffer()
        var line = JSONLine(into: buffer)
        line.add("path", path)
        line.add("raw_sha256", rawSHA256)
        line.add("staged", staged)
        line.add("staged_sha256", stagedSHA256)
        line.add("rows", rows.map(Int64.init))
        line.add("rejections", rejections.map(Int64.init))
        line.add("error", error)
        line.add("status", exitStatus.map(Int64.init))
        line.end()
        return buffer.text
    }
}
