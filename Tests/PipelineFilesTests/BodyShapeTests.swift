import JSONReader
import PerpCore
import Testing

@testable import PipelineFiles

@Suite("Shapes of answers")
struct BodyShapeTests {
    private func shape(_ bodies: String...) throws -> [String] {
        var shape = BodyShape()
        let parser = JSONParser()
        for body in bodies {
            let text = ByteBuffer(Array(body.utf8))
            try text.withBytes { shape.add(try parser.parseStrictly($0)) }
        }
        return shape.fields.sorted().map { "\($0.path):\($0.type)" }
    }

    @Test("fields of rows are named once, with every type that they come with")
    func rows() throws {
        #expect(
            try shape(#"{"data":[{"p":"1"},{"p":null,"q":[1,true]}]}"#) == [
                "data:array", "data[]:object", "data[].p:null", "data[].p:string", "data[].q:array",
                "data[].q[]:boolean", "data[].q[]:number",
            ])
    }

    @Test("names of a table by symbol are no fields")
    func table() throws {
        #expect(
            try shape(#"{"A-USD":{"p":1},"B-USD":{"p":2},"C-USD":{"p":3},"D-USD":{"p":4}}"#)
                == ["*:object", "*.p:number"])
    }

    @Test("a body of endless names stays small")
    func endless() throws {
        let members = (0..<5000).map { "\"\($0)\":1" }.joined(separator: ",")
        #expect(try shape("{\(members)}").count == 1000)
    }
}

@Suite("Looking at a lock")
struct LockHolderTests {
    @Test("the holder is named while it holds, and looking takes nothing")
    func holder() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/.lock"
        #expect(Lock.holder(of: path) == nil)
        do {
            let lock = try Lock(path, purpose: "load")
            #expect(Lock.holder(of: path)?.hasSuffix(", load") == true)
            withExtendedLifetime(lock) {}
        }
        #expect(Lock.holder(of: path) == nil)
        _ = try Lock(path, purpose: "load")
    }
}
