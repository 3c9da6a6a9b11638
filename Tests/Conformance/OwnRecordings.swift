import Foundation

extension Recording {
    /// Bodies that we wrote ourselves, for responses that nobody has recorded.
    static var own: [Recording] { [okxLiquidations] }

    /// OKX's nested lists: liquidations by position and by order, of linear, inverse and USD-margined contracts, two
    /// rows that cannot be read, and the object without a contract that is sent when there are no events.
    private static var okxLiquidations: Recording {
        Recording(
            file: "okx/v5-public-liquidation-orders.SWAP.own.json",
            request: "GET https://www.okx.com/api/v5/public/liquidation-orders?instType=SWAP&state=filled",
            kind: "made here",
            body: Data(
                #"""
                {"code":"0","msg":"","data":[
                {"instType":"SWAP","instId":"BTC-USDT-SWAP","instFamily":"BTC-USDT","uly":"BTC-USDT",
                "details":[
                {"bkPx":"80000","posSide":"long","side":"sell","sz":"5","ts":"1798757400000"},
                {"bkPx":"80100.5","posSide":"short","side":"buy","sz":"12.5","ts":"1798757400001"},
                {"bkPx":"79990","posSide":"net","side":"sell","sz":"3","ts":"1798757400002"},
                {"bkPx":"80110","posSide":"net","side":"buy","sz":"0.1","ts":"1798757400003"},
                {"bkPx":"80110","posSide":"net","side":"buy","sz":"0.1","ts":"1798757400003"}]},
                {"instType":"SWAP","instId":"BTC-USD-SWAP","instFamily":"BTC-USD","uly":"BTC-USD",
                "details":[
                {"bkPx":"80010","posSide":"net","side":"buy","sz":"40","ts":"1798757400004"}]},
                {"instType":"SWAP","instId":"BTC-USD_UM-SWAP","instFamily":"BTC-USD_UM","uly":"BTC-USD",
                "details":[
                {"bkPx":"80020","posSide":"long","side":"sell","sz":"7","ts":"1798757400005"}]},
                {"instType":"SWAP","instId":"ETH-USDT-SWAP","instFamily":"ETH-USDT","uly":"ETH-USDT",
                "details":[
                {"bkPx":"","posSide":"long","side":"sell","sz":"1","ts":"1798757400006"},
                {"bkPx":"3000","posSide":"net","side":"","sz":"1","ts":"1798757400007"}]},
                {"instType":"SWAP","instId":"","instFamily":"","uly":"","details":[]}]}
                """#.utf8),
            expected: nil)
    }
}
