import PerpCore

/// The public archive of OKX, as far as it tells what the API does not for ever: funding. An answer of the API names the
/// files. Days begin at 16:00 UTC of the day before, so that a day of UTC is in two files.
///
/// Source: https://www.okx.com/docs-v5/en/#public-data-rest-api-get-historical-market-data
enum OKXArchives {
    static let series = [
        ArchiveSeries(
            .funding, "archive_funding", host: OKX.host, periods: .days(lead: 8 * Hour.milliseconds),
            address: .listed(mostDays: 14, ask: ask), isAboutAll: true, isHourly: false, daysUntil: (2, 2),
            columns: ["instrument_name", "funding_rate", "funding_time"], read: settlement)
    ]

    /// Both ends are days by the starts of UTC days with the file's name.
    @Sendable private static func ask(_ days: [ArchivePeriod]) -> EndpointCall {
        let stamps = days.compactMap { CalendarDay($0.name)?.start }.map { $0 * 1000 }
        return EndpointCall(
            "/api/v5/public/market-data-history?module=3&instType=SWAP&instFamilyList=ANY&dateAggrType=daily"
                + "&begin=\(stamps.min() ?? 0)&end=\(stamps.max() ?? 0)")
    }

    /// Shape: `data[].details[].groupDetails[]` of `{filename, url, …}`.
    static func files(_ response: Response) throws(AdapterError) -> [(name: String, url: String)] {
        var files: [(name: String, url: String)] = []
        for group in try list(response.body, in: "data") {
            for detail in group.member("details")?.array.map(Array.init) ?? [] {
                for file in detail.member("groupDetails")?.array.map(Array.init) ?? [] {
                    if let name = file.member("filename")?.string, let url = file.member("url")?.string {
                        files.append((name, url))
                    }
                }
            }
        }
        return files
    }

    /// The name of the file of a day.
    static func name(_ period: ArchivePeriod) -> String { "allswap-fundingrates-\(period.name).zip" }

    @Sendable private static func settlement(
        _ row: CSVRow, _ subject: ArchiveSubject
    ) throws(FieldError) -> ArchiveFact {
        .settlement(
            SettlementDraft(
                symbol: try row.string(0), settledAt: try row.slot(2, step: 60_000), fundingRate: try row.number(1)))
    }
}
