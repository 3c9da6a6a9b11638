// swift-tools-version: 6.1
import PackageDescription

// Packages from outside stop at one module each: the HTTP client in Transport, SQLite in Warehouse.
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")

let package = Package(
    name: "perps-warehouse",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    ],
    targets: [
        .target(name: "PerpCore"),

        // C and C++ libraries behind small interfaces.
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CDecimal"),
        .target(name: "CIsal", linkerSettings: [.linkedLibrary("isal")]),
        .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
        .systemLibrary(
            name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
        // SHA-256 of an operating system that ships it: a package would compile a second BoringSSL for it.
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "JSONReader", dependencies: ["CDecimal", "CSimdjson", "PerpCore"]),
        .target(name: "Gzip", dependencies: ["CDeflate", "CIsal", "PerpCore"]),

        // Pure: no file, no network, no clock.
        .target(name: "ExchangeAdapters", dependencies: ["JSONReader", "PerpCore"]),
        .target(name: "Sealing", dependencies: ["PerpCore"]),
        .target(name: "Trends", dependencies: ["PerpCore", "Sealing"]),
        .target(name: "Signals", dependencies: ["PerpCore", "Sealing", "Trends"]),
        .target(name: "Backtesting", dependencies: ["PerpCore", "Sealing", "Signals"]),
        .target(name: "Forecasts", dependencies: ["PerpCore", "Sealing"]),
        .target(name: "FactorWeights", dependencies: ["PerpCore", "Sealing"]),
        .target(name: "TrackRecord", dependencies: ["PerpCore", "Sealing", "Signals"]),
        .target(name: "Reports", dependencies: ["Forecasts", "PerpCore", "Sealing", "Signals", "Trends"]),
        .target(name: "Explaining", dependencies: ["PerpCore"]),
        .target(name: "Charts", dependencies: ["PerpCore"]),
        .target(name: "Pages", dependencies: ["Charts", "PerpCore"]),
        .target(name: "SimulatedMarket", dependencies: ["Gzip", "PerpCore"]),

        // Input and output, each of one kind.
        .target(
            name: "PipelineFiles",
            dependencies: [
                "Gzip", "JSONReader", "PerpCore",
                .target(name: "CLibcrypto", condition: .when(platforms: [.linux])),
            ]),
        .target(name: "Staging", dependencies: ["ExchangeAdapters", "PerpCore", "PipelineFiles"]),
        .target(
            name: "Transport",
            dependencies: [
                "Gzip", "PerpCore", nioCore,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ]),
        .target(name: "ExchangeClient", dependencies: ["ExchangeAdapters", "PerpCore", "Transport"]),
        .target(
            name: "Recording",
            dependencies: ["ExchangeAdapters", "Gzip", "PerpCore", "PipelineFiles", "StreamClient"]),
        .target(
            name: "ExchangeRuns",
            dependencies: [
                "ExchangeAdapters", "ExchangeClient", "JSONReader", "PerpCore", "PipelineFiles", "Transport",
            ]),
        .target(
            name: "StreamClient", dependencies: ["ExchangeAdapters", "Gzip", "JSONReader", "PerpCore", "Transport"]),
        .target(name: "Notifiers", dependencies: ["PerpCore"]),
        .target(
            name: "WarehouseSQL", path: "pipeline/sql",
            resources: [
                .embedInCode("checks"), .embedInCode("migrations"), .embedInCode("queries"), .embedInCode("rollups"),
                .embedInCode("views"),
            ]),
        .target(
            name: "Warehouse",
            dependencies: ["CSQLite", "Forecasts", "PerpCore", "Sealing", "Trends", "WarehouseSQL", grdb, sqlite]),

        .target(
            name: "OutcomeKeeping",
            dependencies: ["Backtesting", "PerpCore", "Signals", "TrackRecord", "Warehouse"]),

        // The programs, and what they share.
        .target(
            name: "CommandSupport",
            dependencies: ["PerpCore", "PipelineFiles", "Sealing", argumentParser]),
        .target(
            name: "ExchangeCommands",
            dependencies: ["CommandSupport", "ExchangeClient", "PerpCore", "Transport", argumentParser]),
        .target(
            name: "WarehouseCommands",
            dependencies: ["CommandSupport", "PerpCore", "PipelineFiles", "Sealing", "Warehouse", argumentParser]),
        .target(
            name: "Replaying", dependencies: ["PerpCore", "Sealing", "Signals", "Trends", "Warehouse"]),
        .target(
            name: "AlertDelivery",
            dependencies: [
                "CommandSupport", "Notifiers", "PerpCore", "PipelineFiles", "Sealing", "Signals", "Transport",
                "Warehouse",
            ]),
        .target(
            name: "LiveAlarm",
            dependencies: [
                "AlertDelivery", "ExchangeAdapters", "JSONReader", "Notifiers", "PerpCore", "PipelineFiles", "Sealing",
                "Signals", "StreamClient", "Transport", "Warehouse",
            ]),
        .executableTarget(
            name: "alert",
            dependencies: [
                "AlertDelivery", "Backtesting", "CommandSupport", "Notifiers", "OutcomeKeeping", "PerpCore",
                "PipelineFiles", "Replaying", "Sealing", "Signals", "TrackRecord", "Transport", "Warehouse",
                "WarehouseCommands", argumentParser,
            ]),
        .executableTarget(
            name: "backtest",
            dependencies: [
                "Backtesting", "CommandSupport", "PerpCore", "PipelineFiles", "Replaying", "Sealing",
                "Signals", "Trends", "Warehouse", "WarehouseCommands", argumentParser,
            ]),
        .executableTarget(
            name: "backfill",
            dependencies: [
                "CommandSupport", "ExchangeAdapters", "ExchangeClient", "ExchangeCommands", "ExchangeRuns", "PerpCore",
                "PipelineFiles", "Transport", "Warehouse", "WarehouseCommands", argumentParser,
            ]),
        .executableTarget(
            name: "doctor",
            dependencies: [
                "CommandSupport", "ExchangeClient", "Gzip", "JSONReader", "Notifiers", "PerpCore", "PipelineFiles",
                "Reports", "Transport", "Warehouse", "WarehouseCommands", argumentParser,
            ]),
        // All of `explain` but its first call: `page` explains in the same words.
        .target(
            name: "Explainers",
            dependencies: [
                "CommandSupport", "Explaining", "Gzip", "PerpCore", "PipelineFiles", "Sealing", "Staging", "Warehouse",
                "WarehouseCommands", argumentParser,
            ]),
        .executableTarget(name: "explain", dependencies: ["Explainers"]),
        .executableTarget(
            name: "extract",
            dependencies: [
                "CommandSupport", "ExchangeAdapters", "ExchangeClient", "ExchangeCommands", "ExchangeRuns",
                "JSONReader",
                "PerpCore", "PipelineFiles", "Sealing", "Transport", argumentParser,
            ]),
        .executableTarget(
            name: "load",
            dependencies: [
                "CommandSupport", "OutcomeKeeping", "PerpCore", "PipelineFiles", "Sealing", "Signals", "Warehouse",
                "WarehouseCommands", argumentParser,
            ]),
        .executableTarget(
            name: "maintain",
            dependencies: [
                "CommandSupport", "FactorWeights", "PerpCore", "PipelineFiles", "Reports", "Sealing", "Trends",
                "Warehouse", "WarehouseCommands", argumentParser,
            ]),
        .executableTarget(
            name: "page",
            dependencies: [
                "Charts", "CommandSupport", "Explainers", "Explaining", "OutcomeKeeping", "Pages", "PerpCore",
                "PipelineFiles", "Sealing", "Signals", "TrackRecord", "Trends", "Warehouse", "WarehouseCommands",
                argumentParser,
            ]),
        .executableTarget(
            name: "reprocess",
            dependencies: [
                "CommandSupport", "ExchangeAdapters", "OutcomeKeeping", "PerpCore", "PipelineFiles", "Sealing",
                "Signals", "Staging", "Warehouse", "WarehouseCommands", argumentParser,
            ]),
        .executableTarget(
            name: "record",
            dependencies: [
                "AlertDelivery", "CommandSupport", "ExchangeAdapters", "ExchangeClient", "ExchangeCommands",
                "ExchangeRuns", "JSONReader", "LiveAlarm", "PerpCore", "PipelineFiles", "Recording", "Signals",
                "StreamClient", "Transport",
                "WarehouseCommands", argumentParser,
            ]),
        .executableTarget(
            name: "report",
            dependencies: [
                "CommandSupport", "Explaining", "Forecasts", "OutcomeKeeping", "PerpCore", "Reports",
                "Sealing", "Signals", "TrackRecord", "Warehouse", "WarehouseCommands", argumentParser,
            ]),
        .executableTarget(
            name: "retain",
            dependencies: [
                "CommandSupport", "ExchangeAdapters", "PerpCore", "PipelineFiles", "Sealing", "Signals", "Warehouse",
                "WarehouseCommands", argumentParser,
            ]),
        .executableTarget(
            name: "transform",
            dependencies: [
                "CommandSupport", "ExchangeAdapters", "PerpCore", "PipelineFiles", "Staging", argumentParser,
            ]),
        .executableTarget(
            name: "exchange-simulator",
            dependencies: [
                "ExchangeAdapters", "Gzip", "JSONReader", "PerpCore", "PipelineFiles", "SimulatedMarket",
                "StreamClient",
                argumentParser, nioCore,
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ]),

        // Recorded responses through the executables; never run by `swift test`.
        .executableTarget(
            name: "conformance",
            dependencies: [
                "ExchangeAdapters", "Gzip", "JSONReader", "PerpCore", "PipelineFiles", argumentParser, sqlite,
            ],
            path: "Tests/Conformance"),
        // Kills, faults of the world, and hostile input.
        .executableTarget(
            name: "faults",
            dependencies: ["Gzip", "PerpCore", "PipelineFiles", "SimulatedMarket", argumentParser, sqlite],
            path: "Tests/Faults"),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "ExchangeAdapters", "Gzip", "JSONReader", "PerpCore", "PipelineFiles", "SimulatedMarket", "Staging",
                argumentParser,
            ],
            path: "Tests/Fuzz"),

        // The bulk path, a stage at a time: a part of `make bench`.
        .executableTarget(
            name: "stages",
            dependencies: [
                "Gzip", "PerpCore", "PipelineFiles", "Sealing", "Signals", "Staging", "Warehouse", argumentParser,
            ],
            path: "Tests/Benchmarks/Stages"),

        .testTarget(
            name: "AlertTests",
            dependencies: [
                "AlertDelivery", "LiveAlarm", "ExchangeAdapters", "OutcomeKeeping", "PipelineFiles", "StreamClient",
                "alert", "Notifiers", "PerpCore", "Replaying", "Sealing", "Signals", "TrackRecord", "Transport",
                "Warehouse", nioCore,
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .testTarget(name: "BackfillTests", dependencies: ["ExchangeRuns", "PerpCore", "Warehouse", "backfill"]),
        .testTarget(
            name: "BacktestTests",
            dependencies: [
                "Backtesting", "PerpCore", "Replaying", "Sealing", "Signals", "Trends", "Warehouse", "backtest",
            ]),
        .testTarget(name: "BacktestingTests", dependencies: ["Backtesting", "PerpCore", "Sealing", "Signals"]),
        .testTarget(name: "ChartsTests", dependencies: ["Charts", "PerpCore"], exclude: ["Golden"]),
        .testTarget(
            name: "CommandSupportTests", dependencies: ["CommandSupport", "PerpCore", "PipelineFiles", argumentParser]),
        .testTarget(
            name: "ExchangeAdaptersTests",
            dependencies: ["ExchangeAdapters", "JSONReader", "PerpCore", "SimulatedMarket"]),
        .testTarget(
            name: "ExchangeClientTests",
            dependencies: [
                "ExchangeAdapters", "ExchangeClient", "Gzip", "PerpCore", "Transport", nioCore,
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .testTarget(
            name: "ExchangeRunsTests",
            dependencies: [
                "ExchangeAdapters", "ExchangeClient", "ExchangeRuns", "PerpCore", "PipelineFiles", "Transport",
            ]),
        .testTarget(
            name: "ExplainTests",
            dependencies: [
                "CommandSupport", "ExchangeAdapters", "Explaining", "Gzip", "PerpCore", "PipelineFiles", "Sealing",
                "SimulatedMarket", "Staging", "Warehouse", "Explainers",
            ]),
        .testTarget(
            name: "ExtractTests",
            dependencies: ["ExchangeAdapters", "ExchangeClient", "PerpCore", "Transport", "extract"]),
        .testTarget(name: "FactorWeightsTests", dependencies: ["FactorWeights", "PerpCore", "Sealing"]),
        .testTarget(name: "ForecastsTests", dependencies: ["Forecasts", "PerpCore", "Sealing"]),
        .testTarget(name: "GzipTests", dependencies: ["Gzip", "PerpCore"]),
        .testTarget(name: "JSONReaderTests", dependencies: ["CDecimal", "JSONReader", "PerpCore"]),
        .testTarget(
            name: "LoadTests",
            dependencies: ["CommandSupport", "Gzip", "PerpCore", "PipelineFiles", "Warehouse", "load"]),
        .testTarget(
            name: "MaintainTests",
            dependencies: [
                "FactorWeights", "PerpCore", "PipelineFiles", "Sealing", "Warehouse", "WarehouseCommands",
                "WarehouseSQL",
                "maintain", argumentParser, grdb,
            ]),
        .testTarget(name: "NotifiersTests", dependencies: ["Notifiers", "PerpCore"]),
        .testTarget(
            name: "OutcomeKeepingTests",
            dependencies: [
                "Backtesting", "OutcomeKeeping", "PerpCore", "Sealing", "Signals", "TrackRecord", "Warehouse",
            ]),
        .testTarget(
            name: "PagesTests",
            dependencies: ["Charts", "Pages", "PerpCore", "PipelineFiles", "Sealing", "Warehouse", "page"]),
        .testTarget(name: "PerpCoreTests", dependencies: ["PerpCore"]),
        .testTarget(name: "PipelineFilesTests", dependencies: ["Gzip", "JSONReader", "PerpCore", "PipelineFiles"]),
        .testTarget(
            name: "DoctorTests",
            dependencies: [
                "CommandSupport", "PerpCore", "PipelineFiles", "Reports", "Sealing", "Signals", "Warehouse",
                "WarehouseCommands", "doctor", argumentParser, grdb,
            ]),
        .testTarget(
            name: "ReportTests",
            dependencies: ["PerpCore", "PipelineFiles", "Reports", "Warehouse", "report", argumentParser]),
        .testTarget(name: "ReportsTests", dependencies: ["Forecasts", "PerpCore", "Reports", "Sealing", "Signals"]),
        .testTarget(
            name: "RetainTests",
            dependencies: ["CommandSupport", "ExchangeAdapters", "PerpCore", "PipelineFiles", "Warehouse", "retain"]),
        .testTarget(name: "SignalsTests", dependencies: ["PerpCore", "Sealing", "Signals", "Trends"]),
        .testTarget(name: "SimulatedMarketTests", dependencies: ["Gzip", "PerpCore", "SimulatedMarket"]),
        .testTarget(name: "StagingTests", dependencies: ["ExchangeAdapters", "PerpCore", "PipelineFiles", "Staging"]),
        .testTarget(
            name: "StreamClientTests",
            dependencies: [
                "ExchangeAdapters", "Gzip", "PerpCore", "StreamClient", "Transport", nioCore,
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ]),
        .testTarget(name: "TransformTests", dependencies: ["PerpCore", "PipelineFiles", "transform"]),
        .testTarget(name: "TrendsTests", dependencies: ["PerpCore", "Sealing", "Trends"]),
        .testTarget(name: "TrackRecordTests", dependencies: ["PerpCore", "Sealing", "Signals", "TrackRecord"]),
        .testTarget(
            name: "WarehouseTests",
            dependencies: [
                "Forecasts", "PerpCore", "Sealing", "Signals", "Trends", "Warehouse", "WarehouseSQL", grdb,
            ]),
    ],
    cxxLanguageStandard: .cxx17
)

// Tests are built with the programs, optimised; themselves they need not be.
for target in package.targets where target.type == .test {
    target.swiftSettings = [.unsafeFlags(["-Onone"], .when(configuration: .release))]
}
