import PerpCore

/// What an exchange's stream sends, from the same market as its responses: an event is on both with the same economics.
public struct SimulatedStream: Sendable {
    /// A message, and when it is sent.
    public struct Message: Hashable, Sendable {
        /// UTC milliseconds.
        public var time: Int64
        /// The text of the frame.
        public var text: String
        /// Whether it holds a liquidation.
        public var isLiquidation: Bool
    }

    private let market: Market
    private let exchange: Exchange

    /// The stream of an exchange of a market.
    public init(_ exchange: Exchange, of market: Market) {
        self.market = market
        self.exchange = exchange
    }

    /// How long after an event its message is sent, in milliseconds.
    static let delay: Int64 = 300

    /// What the exchange says to a subscription or a heartbeat; `nil` where it says nothing.
    public func reply(to text: String) -> String? {
        let isPing = text.contains("ping")
        switch exchange {
        case .okx, .bitget:
            if text == "ping" { return "pong" }
            let argument = text.firstRange(of: "[{").map { text[$0.upperBound...].prefix { $0 != "}" } } ?? ""
            return #"{"event":"subscribe","arg":{\#(argument)},"connId":"a4d3ae55"}"#
        case .bybit:
            return
                #"{"success":true,"ret_msg":"\#(isPing ? "pong" : "subscribe")","conn_id":"c","op":"\#(isPing ? "ping" : "subscribe")"}"#
        case .gate:
            if isPing { return #"{"time":1,"time_ms":1000,"channel":"futures.pong","event":"","result":null}"# }
            let channel = text.contains("public_liquidates") ? "futures.public_liquidates" : "futures.trades"
            return #"{"time":1,"channel":"\#(channel)","event":"subscribe","error":null,"result":{"status":"success"}}"#
        case .binance, .aster:
            return #"{"result":["!forceOrder@arr","btcusdt@aggTrade"],"id":1}"#
        case .dydx:
            if isPing { return #"{"type":"pong","connection_id":"c","message_id":1,"id":1}"# }
            let id = text.firstRange(of: #""id":""#).map { text[$0.upperBound...].prefix { $0 != "\"" } } ?? ""
            return
                #"{"type":"subscribed","connection_id":"c","message_id":1,"channel":"v4_trades","id":"\#(id)","contents":{"trades":[]}}"#
        case .hyperliquid: return nil
        case .edgex, .pacifica, .backpack, .extended, .grvt, .paradex: return nil
        }
    }

    /// The messages that are sent from one time up to another, which is excluded, ascending.
    ///
    /// - Parameter topics: the text of all subscriptions: exchanges with a topic per symbol send what it names only.
    public func messages(from: Int64, to: Int64, topics: String) -> [Message] {
        let hour = Hour(containing: Timestamp(milliseconds: from - Self.delay))
        let moment = Moment(market: market, exchange: exchange, hour: hour, time: to)
        let listings = market.catalogue(exchange).listings(at: moment.time).filter(\.isPerpetual)
        let events = moment.liquidations(listings, from: from - Self.delay, to: to - Self.delay)
        let heard = events.filter { isHeard(String(decoding: $0.listing.symbol, as: UTF8.self), topics) }
        let controls = stride(from: (from + 999) / 1000 * 1000, to: to, by: 1000).compactMap { time in
            control(time, topics).map { Message(time: time, text: $0, isLiquidation: false) }
        }
        return (heard.map { Message(time: $0.time + Self.delay, text: text($0), isLiquidation: true) } + controls)
            .sorted { ($0.time, $0.text) < ($1.time, $1.text) }
    }

    private func isHeard(_ symbol: String, _ topics: String) -> Bool {
        switch exchange {
        case .bybit: topics.contains("allLiquidation.\(symbol)\"")
        case .dydx: topics.contains("\"\(symbol)\"")
        default: true
        }
    }

    /// A trade on the control channel, once a second.
    private func control(_ time: Int64, _ topics: String) -> String? {
        switch exchange {
        case .binance, .aster:
            #"{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":\#(time),"s":"BTCUSDT","p":"80000","q":"0.01","T":\#(time)}}"#
        case .bybit:
            #"{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":\#(time),"data":[{"T":\#(time),"s":"BTCUSDT","S":"Buy","v":"0.01","p":"80000"}]}"#
        case .okx:
            #"{"arg":{"channel":"trades","instId":"BTC-USDT-SWAP"},"data":[{"instId":"BTC-USDT-SWAP","px":"80000","sz":"1","side":"buy","ts":"\#(time)"}]}"#
        case .gate:
            #"{"time":\#(time / 1000),"channel":"futures.trades","event":"update","result":[{"size":"1","price":"80000","contract":"BTC_USDT"}]}"#
        case .bitget:
            #"{"action":"update","arg":{"instType":"usdt-futures","topic":"publicTrade","symbol":"BTCUSDT"},"data":[{"p":"80000","v":"0.01"}],"ts":\#(time)}"#
        case .dydx:
            topics.firstRange(of: #""id":""#).map {
                let id = topics[$0.upperBound...].prefix { $0 != "\"" }
                return
                    #"{"type":"channel_data","connection_id":"c","message_id":2,"id":"\#(id)","channel":"v4_trades","version":"2.1.0","contents":{"trades":[{"id":"t","size":"1","price":"80000","side":"BUY","createdAt":"\#(Timestamp(milliseconds: time))","type":"LIMIT"}]}}"#
            }
        case .hyperliquid: nil
        case .edgex, .pacifica, .backpack, .extended, .grvt, .paradex: nil
        }
    }

    /// The message of one event, in the exchange's shape.
    private func text(_ event: SimulatedLiquidation) -> String {
        let symbol = String(decoding: event.listing.symbol, as: UTF8.self)
        let price = Self.fixed(event.price, event.listing.pricePlaces)
        let quantity = Self.fixed(event.quantity, event.listing.quantityPlaces)
        let time = event.time
        switch exchange {
        case .binance, .aster:
            return
                #"{"stream":"!forceOrder@arr","data":{"e":"forceOrder","E":\#(time + Self.delay),"o":{"s":"\#(symbol)","S":"\#(event.isLong ? "SELL" : "BUY")","o":"LIMIT","f":"IOC","q":"\#(quantity)","p":"\#(price)","ap":"\#(price)","X":"FILLED","l":"\#(quantity)","z":"\#(quantity)","T":\#(time)}}}"#
        case .bybit:
            return
                #"{"topic":"allLiquidation.\#(symbol)","type":"snapshot","ts":\#(time + Self.delay),"data":[{"T":\#(time),"s":"\#(symbol)","S":"\#(event.isLong ? "Buy" : "Sell")","v":"\#(quantity)","p":"\#(price)"}]}"#
        case .okx:
            return
                #"{"arg":{"channel":"liquidation-orders","instType":"SWAP"},"data":[{"details":[{"bkLoss":"0","bkPx":"\#(price)","ccy":"","posSide":"\#(event.isLong ? "long" : "short")","side":"\#(event.isLong ? "sell" : "buy")","sz":"\#(event.contracts)","ts":"\#(time)"}],"instFamily":"","instId":"\#(symbol)","instType":"SWAP","uly":""}]}"#
        case .gate:
            return
                #"{"channel":"futures.public_liquidates","event":"update","time":\#(time / 1000),"time_ms":\#(time + Self.delay),"result":[{"price":"\#(price)","size":"\#(event.isLong ? "" : "-")\#(event.contracts)","time":\#(time),"contract":"\#(symbol)"}]}"#
        case .bitget:
            let amount = Self.fixed(event.quantity * event.price, 12)
            return
                #"{"action":"update","arg":{"instType":"usdt-futures","topic":"liquidation"},"data":[{"symbol":"\#(symbol)","side":"\#(event.isLong ? "buy" : "sell")","price":"\#(price)","amount":"\#(amount)","ts":"\#(time)"}],"ts":\#(time + Self.delay)}"#
        case .dydx:
            return
                #"{"type":"channel_data","connection_id":"c","message_id":2,"id":"\#(symbol)","channel":"v4_trades","version":"2.1.0","contents":{"trades":[{"id":"\#(String(event.id, radix: 16))","size":"\#(quantity)","price":"\#(price)","side":"\#(event.isLong ? "SELL" : "BUY")","createdAt":"\#(Timestamp(milliseconds: time))","type":"LIQUIDATED"}]}}"#
        case .hyperliquid: return ""
        case .edgex, .pacifica, .backpack, .extended, .grvt, .paradex: return ""
        }
    }

    /// A number with so many digits behind the point.
    private static func fixed(_ value: Double, _ places: Int) -> String {
        let steps = powersOfTen[min(places, powersOfTen.count - 1)]
        let whole = Int64((abs(value) * steps).rounded())
        let digits = String(whole)
        guard places > 0 else { return digits }
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
        return "\(padded.dropLast(places)).\(padded.suffix(places))"
    }
}
