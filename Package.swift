// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "perps-warehouse",
    platforms: [.macOS(.v15)],
    targets: [
        .target(name: "PerpCore"),
        .testTarget(name: "PerpCoreTests", dependencies: ["PerpCore"]),
    ]
)
