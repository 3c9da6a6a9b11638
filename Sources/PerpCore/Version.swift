/// The version of this package: printed by `--version`, sent as user agent, and stored with each run.
public let packageVersion = "0.2.0"
