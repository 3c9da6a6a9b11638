/// The version of the rules that turn raw responses into records. A change that stages other bytes for the same raw bytes
/// raises it, and `reprocess` then stages old hours again.
public let transformVersion = 4
