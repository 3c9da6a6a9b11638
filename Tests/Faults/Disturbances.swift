/// Faults of the world, each really made, and what the programs did.
final class Disturbances {
    let bench: Bench
    private(set) var results: [FaultResult] = []

    init(bench: Bench) { self.bench = bench }

    func run() throws -> [FaultResult] {
        results
    }
}
