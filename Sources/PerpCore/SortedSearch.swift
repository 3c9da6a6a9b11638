extension RandomAccessCollection where Index == Int {
    /// The first place at which a condition holds that holds from there on, found by halving; `endIndex` when nowhere.
    ///
    /// Long elements are not copied when their places are searched: `rows.indices.partitioningIndex { rows[$0].hour >= hour }`.
    @inlinable
    public func partitioningIndex(where holds: (Element) throws -> Bool) rethrows -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if try holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
