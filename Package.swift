// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "perps-warehouse",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
    ],
    targets: [
        .target(name: "PerpCore"),
        // C and C++ libraries behind small interfaces.
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "CDecimal"),
        .systemLibrary(
            name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
        .target(name: "JSONReader", dependencies: ["CDecimal", "CSimdjson", "PerpCore"]),
        .target(name: "Gzip", dependencies: ["CDeflate", "PerpCore"]),
        .target(name: "ExchangeAdapters", dependencies: ["JSONReader", "PerpCore"]),
        .target(name: "Signals", dependencies: ["PerpCore"]),
        .target(name: "SimulatedMarket"),
        .target(
            name: "PipelineFiles",
            dependencies: ["Gzip", "JSONReader", "PerpCore", .product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "Staging", dependencies: ["ExchangeAdapters", "PerpCore", "PipelineFiles"]),
        .target(
            name: "CommandSupport",
            dependencies: [
                "PerpCore", "PipelineFiles",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .executableTarget(name: "transform", dependencies: ["CommandSupport", "Staging"]),
        .testTarget(name: "ExchangeAdaptersTests", dependencies: ["ExchangeAdapters", "JSONReader", "PerpCore"]),
        .testTarget(name: "PerpCoreTests", dependencies: ["PerpCore"]),
        .testTarget(name: "SignalsTests", dependencies: ["PerpCore", "Signals"]),
    ],
    cxxLanguageStandard: .cxx17
)
