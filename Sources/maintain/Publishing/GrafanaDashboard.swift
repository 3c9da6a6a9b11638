import Warehouse

/// A dashboard for Grafana with its SQLite plugin, on a published copy.
///
/// The plugin takes the type of a computed column from its first value, and opens the file anew for each query. Source:
/// https://github.com/fr-ser/grafana-sqlite-datasource
enum GrafanaDashboard {
    private static let source: JSONTree = ["type": "frser-sqlite-datasource", "uid": "${source}"]
    /// Half of the 24 columns of a dashboard.
    private static let (width, height) = (12, 9)

    static var json: JSONTree {
        let panels = DashboardPanel.all.enumerated().map { panel($1, number: $0) }
        return [
            "title": "Perpetual futures", "uid": "perps-warehouse", "timezone": "utc", "schemaVersion": 39,
            "editable": true, "refresh": "5m", "time": ["from": "now-7d", "to": "now"],
            "templating": ["list": [variable]],
            "panels": .list(panels + [table(number: panels.count)]),
        ]
    }

    /// The choice of the data source: the file's path is set there, and not in the dashboard.
    private static let variable: JSONTree = [
        "name": "source", "label": "Published copy", "type": "datasource", "query": "frser-sqlite-datasource",
    ]

    private static func place(_ number: Int, width: Int = width) -> JSONTree {
        [
            "x": .integer(number % 2 * Self.width), "y": .integer(number / 2 * height), "w": .integer(width),
            "h": .integer(height),
        ]
    }

    private static func panel(_ panel: DashboardPanel, number: Int) -> JSONTree {
        [
            "id": .integer(number + 1), "type": "timeseries", "title": .text(panel.title), "datasource": source,
            "gridPos": place(number),
            // A missing hour is a hole: no line is drawn over it.
            "fieldConfig": [
                "defaults": [
                    "unit": .text(panel.unit.rawValue), "custom": ["spanNulls": false, "insertNulls": 3_600_000],
                ],
                "overrides": [],
            ],
            "targets": [query(panel.sql, type: "time series", times: ["time"])],
        ]
    }

    /// The first question as a table.
    private static func table(number: Int) -> JSONTree {
        let question = ReaderQuestion.all[0]
        return [
            "id": .integer(number + 1), "type": "table", "title": .text(question.title), "datasource": source,
            "gridPos": place(number, width: 24), "targets": [query(question.sql, type: "table", times: [])],
        ]
    }

    private static func query(_ sql: String, type: String, times: JSONTree) -> JSONTree {
        [
            "refId": "A", "datasource": source, "queryType": .text(type), "queryText": .text(sql),
            "rawQueryText": .text(sql), "timeColumns": times,
        ]
    }
}
