/// Liquidations against volume, in the words of every report and alert.
///
/// "Of volume" means one thing: what the reporting exchanges traded in the same hours. An exchange states the volume
/// of a rolling day, of which those hours are taken to be their part.
public enum VolumeShareText {
    /// `5.92 % of the volume of the 3 reporting exchanges in that hour (prorated from 24 h)`
    /// - Parameter share: a fraction; `nil` where no volume is known.
    public static func reporting(_ share: Double?, exchanges: Int, hours: Int) -> String {
        let who = exchanges == 1 ? "1 reporting exchange" : "\(exchanges) reporting exchanges"
        let when = hours == 1 ? "that hour" : "those \(hours) hours"
        return "\(percent(share)) of the volume of the \(who) in \(when)" + (hours == 24 ? "" : " (prorated from 24 h)")
    }

    /// `0.0872 % of a day's market volume`: the seed-v1 ratio, whatever the hours of the liquidations.
    public static func market(_ share: Double?) -> String { "\(percent(share)) of a day's market volume" }

    /// Two decimals, and four of less than a tenth of a percent.
    private static func percent(_ share: Double?) -> String {
        Phrases.plainPercent(share.map { 100 * $0 }, share.map { abs($0) < 0.001 } == true ? 4 : 2)
    }
}
