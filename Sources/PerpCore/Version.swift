/// The version of this package: what `--version` says, what calls name themselves by, and what the ledger of runs keeps.
public let packageVersion = "0.2.0"
