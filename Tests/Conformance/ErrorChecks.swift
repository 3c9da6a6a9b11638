import PerpCore
import PipelineFiles

extension ConformanceRun {
    /// Checks that a failure is kept as evidence, becomes a rejection, and makes no record.
    func check(_ item: ErrorCase, _ loaded: LoadedRows) throws -> RecordingResult {
        var result = RecordingResult(item.recording, item.exchange, item.endpoint)
        result.note = "status \(item.status)\(item.isEssential ? ", essential" : "")"
        let raw = paths.rawFile(item.exchange, item.hour)
        let path = paths.stagedFile(item.exchange, item.hour)
        if item.isEssential {
            let failed = paths.failedFile(item.exchange, item.hour)
            result.add("no raw and no staged file", [raw, path].filter(FileSystem.exists).map { "there is \($0)" })
            guard FileSystem.exists(failed) else {
                result.add("evidence is kept", ["there is no \(failed)"])
                return result
            }
            result.add(
                "evidence is kept",
                try RawCheck(path: failed, endpoint: item.endpoint, body: item.recording.body, status: item.status)
                    .problems)
            return result
        }
        guard FileSystem.exists(raw), FileSystem.exists(path) else {
            result.add("is staged", ["there is no file of \(item.exchange.id) \(item.hour)"])
            return result
        }
        let staged = try StagedLines(path: path)
        let counts = staged.counts(item.endpoint)
        let refused = staged.all("rejection").filter { $0.text("endpoint") == item.endpoint }
        result.rejections = refused.count
        for rejection in refused { result.reasons[rejection.text("reason") ?? "", default: 0] += 1 }
        var problems: [String] = []
        if counts.failed != 1 || counts.ok != 0 || counts.rows != 0 {
            problems.append("source says ok \(counts.ok), failed \(counts.failed), rows \(counts.rows)")
        }
        if refused.isEmpty || refused.contains(where: { ($0.text("reason") ?? "").isEmpty }) {
            problems.append("no rejection says why")
        }
        result.add("an error and a rejection", problems)
        result.add("no record", staged.recordKinds.map { "there is a \($0)" })
        result.add(
            "raw keeps the body",
            try RawCheck(path: raw, endpoint: item.endpoint, body: item.recording.body, status: item.status).problems)
        result.add("the warehouse has what was staged", try loaded.problems(item.exchange, item.hour, staged: staged))
        return result
    }

    /// Checks that a body without rows is a failed endpoint or a rejection, and makes no record.
    func checkUnreadable(_ item: ErrorCase) throws -> RecordingResult {
        var result = RecordingResult(item.recording, item.exchange, item.endpoint)
        result.note = "no rows"
        let failed = paths.failedFile(item.exchange, item.hour)
        let isKept = FileSystem.exists(paths.rawFile(item.exchange, item.hour))
        let evidence = isKept ? paths.rawFile(item.exchange, item.hour) : failed
        guard FileSystem.exists(evidence) else {
            result.add("evidence is kept", ["there is no file of \(item.exchange.id) \(item.hour)"])
            return result
        }
        result.add(
            "evidence is kept",
            try RawCheck(path: evidence, endpoint: item.endpoint, body: item.recording.body).problems)
        guard isKept else { return result }
        let staged = try StagedLines(path: paths.stagedFile(item.exchange, item.hour))
        let refused = staged.all("rejection").filter { $0.text("endpoint") == item.endpoint }
        result.rejections = refused.count
        for rejection in refused { result.reasons[rejection.text("reason") ?? "", default: 0] += 1 }
        result.add(
            "a rejection says why",
            refused.contains { !($0.text("reason") ?? "").isEmpty } ? [] : ["there is no rejection"])
        let made = RowMeaning(item.exchange, item.endpoint)?.recordKind.map(staged.all) ?? []
        result.add("no record", made.isEmpty ? [] : ["\(made.count) records come from it"])
        return result
    }
}
