/// Formats bytes as `1.3 MB`, rounded up: a small file is not shown as 0.
public func megabytes(_ bytes: Int64) -> String {
    let tenths = (max(bytes, 0) + 99_999) / 100_000
    return "\(tenths / 10).\(tenths % 10) MB"
}

/// Formats bytes as `23.4 GB`, rounded down: no more free space is shown than there is.
public func gigabytes(_ bytes: Int64) -> String { "\(bytes / 100_000_000 / 10).\(bytes / 100_000_000 % 10) GB" }
