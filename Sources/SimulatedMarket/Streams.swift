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

    /// Whether every message is gzip in a binary frame.
    public var sendsGzip: Bool { exchange == .htx }

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
        case .lighter: return SimulatedLighter.reply(to: text)
        case .htx: return SimulatedHTX.reply(to: text)
        case .binanceCOINM: return #"{"result":["!forceOrder@arr","btcusd_perp@aggTrade"],"id":1}"#
        case .deribit:
            if text.contains("public/test") {
                return #"{"jsonrpc":"2.0","id":2,"result":{"version":"1.2.26"},"testnet":false}"#
            }
            let channels = text.firstRange(of: "[").map { text[$0.upperBound...].prefix { $0 != "]" } } ?? ""
            return #"{"jsonrpc":"2.0","id":1,"result":[\#(channels)],"testnet":false}"#
        case .krakenFutures:
            let names = text.firstRange(of: "[").map { text[$0.upperBound...].prefix { $0 != "]" } } ?? ""
            return #"{"event":"subscribed","feed":"trade","product_ids":[\#(names)]}"#
        case .hyperliquid, .mexc, .kucoin, .bingx, .edgex, .pacifica, .backpack, .extended, .grvt, .paradex, .coinbase:
            return nil
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
        let heard = events.filter { isHeard($0.listing, topics) }
        let controls = stride(from: (from + 999) / 1000 * 1000, to: to, by: 1000).compactMap { time in
            control(time, topics).map { Message(time: time, text: $0, isLiquidation: false) }
        }
        return (heard.map { Message(time: $0.time + Self.delay, text: text($0), isLiquidation: true) } + controls)
            .sorted { ($0.time, $0.text) < ($1.time, $1.text) }
    }

    private func isHeard(_ listing: SimulatedListing, _ topics: String) -> Bool {
        let symbol = String(decoding: listing.symbol, as: UTF8.self)
        return switch exchange {
        case .lighter: topics.contains("trade/\(listing.number)\"")
        case .bybit: topics.contains("allLiquidation.\(symbol)\"")
        case .dydx, .krakenFutures: topics.contains("\"\(symbol)\"")
        case .deribit: topics.contains("\"trades.\(symbol).100ms\"")
        default: true
        }
    }

    /// A trade on the control channel, or what else proves life, once a second.
    private func control(_ time: Int64, _ topics: String) -> String? {
        switch exchange {
        case .binance, .aster:
            #"{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":\#(time),"s":"BTCUSDT","p":"80000","q":"0.01","T":\#(time)}}"#
        case .bybit:
            topics.firstRange(of: "publicTrade.").map {
                let symbol = topics[$0.upperBound...].prefix { $0 != "\"" }
                return
                    #"{"topic":"publicTrade.\#(symbol)","type":"snapshot","ts":\#(time),"data":[{"T":\#(time),"s":"\#(symbol)","S":"Buy","v":"0.01","p":"80000"}]}"#
            }
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
        case .lighter: SimulatedLighter.trade(time, topics)
        case .htx: #"{"op":"ping","ts":"\#(time)"}"#
        case .binanceCOINM:
            #"{"stream":"btcusd_perp@aggTrade","data":{"e":"aggTrade","E":\#(time),"s":"BTCUSD_PERP","p":"80000","q":"1","T":\#(time)}}"#
        case .deribit:
            #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"trades.BTC-PERPETUAL.100ms","data":[{"trade_id":"1","trade_seq":1,"timestamp":\#(time),"price":80000,"mark_price":80000,"index_price":80000,"instrument_name":"BTC-PERPETUAL","direction":"buy","amount":10}]}}"#
        case .krakenFutures:
            #"{"feed":"trade","product_id":"PF_XBTUSD","uid":"c","side":"buy","type":"fill","seq":1,"time":\#(time),"qty":0.01,"price":80000}"#
        case .hyperliquid, .mexc, .kucoin, .bingx, .edgex, .pacifica, .backpack, .extended, .grvt, .paradex, .coinbase:
            nil
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
                #"{"topic":"allLiquidation.\#(symbol)","type":"snapshot","ts":\#(time + Self.delay),"data":[{"T":\#(time),"s":"\#(symbol)","S":"\#(event.isLong ? "Buy" : "Sell")","v":"\#(event.listing.inverse ? "\(event.contracts)" : quantity)","p":"\#(price)"}]}"#
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
        case .lighter: return SimulatedLighter.message(of: event, price: price, quantity: quantity)
        case .htx: return SimulatedHTX.message(of: event, symbol: symbol)
        case .binanceCOINM:
            let (contracts, pair) = (event.contracts, symbol.prefix { $0 != "_" })
            return
                #"{"stream":"!forceOrder@arr","data":{"e":"forceOrder","E":\#(time + Self.delay),"o":{"s":"\#(symbol)","ps":"\#(pair)","S":"\#(event.isLong ? "SELL" : "BUY")","o":"LIMIT","f":"IOC","q":"\#(contracts)","p":"\#(price)","ap":"\#(price)","X":"FILLED","l":"\#(contracts)","z":"\#(contracts)","T":\#(time)}}}"#
        case .deribit:
            let amount = Self.fixed(event.amount, event.listing.inverse ? 0 : event.listing.quantityPlaces)
            return
                #"{"jsonrpc":"2.0","method":"subscription","params":{"channel":"trades.\#(symbol).100ms","data":[{"trade_id":"\#(event.id)","trade_seq":2,"timestamp":\#(time),"price":\#(price),"mark_price":\#(price),"index_price":\#(price),"instrument_name":"\#(symbol)","direction":"\#(event.isLong ? "sell" : "buy")","amount":\#(amount),"liquidation":"T"}]}}"#
        case .krakenFutures:
            let amount = Self.fixed(event.amount, event.listing.inverse ? 0 : event.listing.quantityPlaces)
            return
                #"{"feed":"trade","product_id":"\#(symbol)","uid":"\#(String(event.id, radix: 16))","side":"\#(event.isLong ? "sell" : "buy")","type":"liquidation","seq":2,"time":\#(time),"qty":\#(amount),"price":\#(price)}"#
        case .hyperliquid, .mexc, .kucoin, .bingx, .edgex, .pacifica, .backpack, .extended, .grvt, .paradex, .coinbase:
            return ""
        }
    }

    /// A number with so many digits behind the point.
    static func fixed(_ value: Double, _ places: Int) -> String {
        let steps = powersOfTen[min(places, powersOfTen.count - 1)]
        let whole = Int64((abs(value) * steps).rounded())
        let digits = String(whole)
        guard places > 0 else { return digits }
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
        return "\(padded.dropLast(places)).\(padded.suffix(places))"
    }
}
