import GRDB
import PerpCore
import WarehouseSQL

extension PageReader {
    /// What coins did on each exchange in some hours, hour by hour as they are stored; of hours that are not sealed nothing is known.
    ///
    /// Markets that somebody else runs on an exchange are left out, as in `reference_perpetuals`, and so are coins on exchanges that
    /// had none in any of the hours.
    /// - Parameters:
    ///   - hours: in their order.
    ///   - assets: the coins.
    /// - Returns: series with a point for each of the hours.
    /// - Throws: an error of the database.
    public func coinSeries(_ hours: [Hour], of assets: Set<String>) throws -> [CoinSeries] {
        try warehouse.read { database in
            var filling = SeriesFilling(hours: hours.count)
            try Statement(database, WarehouseSQL.query("pages.coin_listings")).forEach {
                (listing: Int64, asset: String, exchangeID: String) in
                if assets.contains(asset) { filling.add(Int(listing), asset, exchangeID) }
            }
            let tickers = try Statement(database, WarehouseSQL.query("pages.coin_tickers"))
            let holders = try Statement(database, WarehouseSQL.query("pages.coin_holders"))
            for (index, hour) in hours.enumerated() {
                filling.begin(index)
                try tickers.forEachRow(hour) { try filling.take($0) }
                try holders.forEach(hour) { (exchangeID: String, asset: String, long: Double) in
                    filling.take(long, asset, exchangeID)
                }
            }
            return filling.result
        }
    }
}

/// Series that are filled hour by hour.
private struct SeriesFilling {
    private struct Place: Hashable {
        let asset: String
        let exchangeID: String
    }

    private let hours: Int
    private var series: [CoinSeries] = []
    private var places: [Place: Int] = [:]
    /// The number of the series of each listing, by its id; -1 for those of none.
    private var numbers: [Int] = []
    /// Whether a series has a contract in any hour, and in the one that is filled.
    private var isUsed: [Bool] = []
    private var isThere: [Bool] = []
    /// Less than any volume: of a contract that states none, and where there is no contract yet.
    private static let unknown = -1.0
    private static let none = -2.0
    /// The largest volume of a contract of each series in the hour that is filled.
    private var volumes: [Double] = []
    private var index = 0

    init(hours: Int) { self.hours = hours }

    mutating func add(_ listing: Int, _ asset: String, _ exchangeID: String) {
        let place = Place(asset: asset, exchangeID: exchangeID)
        if places[place] == nil {
            places[place] = series.count
            series.append(
                CoinSeries(
                    asset: asset, exchangeID: exchangeID, points: Array(repeating: CoinPoint(), count: hours)))
            isUsed.append(false)
        }
        while numbers.count <= listing { numbers.append(-1) }
        numbers[listing] = places[place] ?? -1
    }

    mutating func begin(_ index: Int) {
        self.index = index
        isThere = Array(repeating: false, count: series.count)
        volumes = Array(repeating: Self.none, count: series.count)
    }

    /// Adds a contract: price and funding are of the one with the largest volume.
    @inline(__always)
    mutating func take(_ row: Statement) throws {
        let listing = Int(try row.integer(0))
        guard numbers.indices.contains(listing), numbers[listing] >= 0 else { return }
        let number = numbers[listing]
        isUsed[number] = true
        isThere[number] = true
        if let interest = row.optionalNumber(3) {
            series[number].points[index].openInterestUSD =
                (series[number].points[index].openInterestUSD ?? 0) + interest
        }
        let volume = row.optionalNumber(4) ?? Self.unknown
        guard volume > volumes[number] else { return }
        volumes[number] = volume
        series[number].points[index].markPrice = row.optionalNumber(1)
        series[number].points[index].fundingRate8h = row.optionalNumber(2)
    }

    mutating func take(_ long: Double, _ asset: String, _ exchangeID: String) {
        guard let number = places[Place(asset: asset, exchangeID: exchangeID)], isThere[number] else { return }
        series[number].points[index].longFraction = long
    }

    var result: [CoinSeries] { zip(series, isUsed).compactMap { $1 ? $0 : nil } }
}
