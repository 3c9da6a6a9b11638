import PerpCore
import Testing

@testable import Warehouse

@Suite("The diary of fields")
struct DriftTests {
    private func fields(_ text: String) -> Set<SeenField> {
        Set(
            text.split(separator: " ").map { field in
                let parts = field.split(separator: ":")
                return SeenField(path: String(parts[0]), type: String(parts[1]))
            })
    }

    private func notes(_ looks: [String]) throws -> [String] {
        let drift = SchemaDrift(try Warehouse())
        for (number, look) in looks.enumerated() {
            try drift.noteShape(fields(look), of: "tickers", .okx, at: Samples.hour(number))
        }
        return try drift.notes(since: Samples.hour(0)).map {
            "\(Samples.start.distance(to: $0.hour)) \($0.change) \($0.field):\($0.type)"
        }
    }

    @Test(
        "what came, went and changed is noted once, at its hour",
        arguments: [
            (["a:array a[]:object a[].p:string"], []),
            (["a[].p:string", "a[].p:string"], []),
            (["a[].p:string", "a[].p:string a[].q:number", "a[].p:string a[].q:number"], ["1 appeared a[].q:number"]),
            (["a[].p:string a[].q:number", "a[].p:string", "a[].p:string"], ["1 vanished a[].q:number"]),
            (["a[].p:string", "a[].p:number", "a[].p:number"], ["1 changed a[].p:number"]),
            (["a[].p:string", "a[].p:null", "a[].p:string"], []),
            (["a[].p:null", "a[].p:string"], []),
            (
                ["a[].p:string a[].q:string", "a[].p:string", "a[].p:string a[].q:string"],
                ["1 vanished a[].q:string", "2 appeared a[].q:string"]
            ),
        ] as [([String], [String])])
    func changes(looks: [String], expected: [String]) throws { #expect(try notes(looks) == expected) }

    @Test("fields of rows that an empty answer did not send are not missed")
    func emptyAnswer() throws {
        #expect(try notes(["code:string data:array data[]:object data[].p:string", "code:string data:array"]).isEmpty)
    }

    @Test("an hour that was looked at changes nothing")
    func again() throws {
        let drift = SchemaDrift(try Warehouse())
        try drift.noteShape(fields("a:string"), of: "tickers", .okx, at: Samples.hour(1))
        try drift.noteShape(fields("b:string"), of: "tickers", .okx, at: Samples.hour(1))
        try drift.noteShape(fields("b:string"), of: "tickers", .okx, at: Samples.hour(0))
        #expect(try drift.notes(since: Samples.hour(0)).isEmpty)
        #expect(try drift.lastLook(at: .okx) == Samples.hour(1))
    }
}
