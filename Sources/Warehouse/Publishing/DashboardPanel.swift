import WarehouseSQL

/// A curve over time for the dashboard of another program.
public struct DashboardPanel: Hashable, Sendable {
    /// What the values are.
    public enum Unit: String, Sendable {
        /// A number without a unit.
        case plain = "short"
        /// Dollars.
        case dollars = "currencyUSD"
        /// Percent.
        case percent = "percent"
    }

    /// What is drawn, with its unit.
    public let title: String
    /// What the values are.
    public let unit: Unit
    /// A query that gives `time` in epoch seconds and reals, and where there are several curves the text that tells them
    /// apart. `$__from` and `$__to` stand for the ends of the span that is shown, in milliseconds, as Grafana writes them.
    public let sql: String

    private init(_ unit: Unit, _ text: String) {
        let question = ReaderQuestion("", text)
        (title, sql) = (question.title, question.sql)
        self.unit = unit
    }

    /// The panels, in their order.
    public static let all = [
        DashboardPanel(.plain, WarehouseSQL.query("dashboard.score")),
        DashboardPanel(.dollars, WarehouseSQL.query("dashboard.open_interest")),
        DashboardPanel(.percent, WarehouseSQL.query("dashboard.funding")),
        DashboardPanel(.dollars, WarehouseSQL.query("dashboard.exchange_open_interest")),
        DashboardPanel(.dollars, WarehouseSQL.query("dashboard.liquidations")),
        DashboardPanel(.plain, WarehouseSQL.query("dashboard.exchanges")),
    ]
}
