// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "perps-warehouse",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
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
        .target(
            name: "PipelineFiles",
            dependencies: ["Gzip", "JSONReader", "PerpCore", .product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "Staging", dependencies: ["ExchangeAdapters", "PerpCore", "PipelineFiles"]),
        .testTarget(name: "PerpCoreTests", dependencies: ["PerpCore"]),
    ],
    cxxLanguageStandard: .cxx17
)
