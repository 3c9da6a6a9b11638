"""What peers take from the sources, and their names of assets; what they make of whole archives `make bench` compares."""
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "peers")]

import classes
import frame
import venues
from exchanges import EXCHANGES, LATER


class ClassTests(unittest.TestCase):
    def test_the_names_of_the_sources_are_found(self):
        named = classes.named()
        self.assertEqual([named.get(name) for name in ("XAU", "EUR", "TSLA", "BTC")], ["commodity", "fx", "stock", None])

    def test_binance_tells_by_kind_and_contract(self):
        for kind, contract, asset_class in (
                ("COIN", "PERPETUAL", "crypto"), ("EQUITY", "TRADIFI_PERPETUAL", "stock"), ("", None, "crypto"),
                ("", "TRADIFI_PERPETUAL", "other"), ("INDEX", "PERPETUAL", "crypto"), ("INDEX", "TRADIFI_PERPETUAL", "index"), ("new", "", "other")):
            self.assertEqual(classes.binance({"underlyingType": kind, "contractType": contract}), asset_class, (kind, contract))

    def test_what_an_exchange_does_not_say_is_a_coin_and_what_is_unknown_is_other(self):
        self.assertEqual([classes.okx({}), classes.okx({"instCategory": "3"}), classes.okx({"instCategory": "77"})], ["crypto", "stock", "other"])
        self.assertEqual([classes.bybit({"symbolType": "xStocks"}), classes.gate({"contract_type": "metals"})], ["stock", "commodity"])
        self.assertEqual([classes.bitget({"isRwa": "NO", "baseCoin": "TSLA"}), classes.bitget({"isRwa": "YES", "baseCoin": "TSLA"})], ["crypto", "stock"])
        self.assertEqual([classes.aster({"underlyingSubType": ["ETF"]}), classes.aster({"symbolType": 1, "underlyingSubType": ["INDEX"]}), classes.aster({})],
                         ["stock", "index", "crypto"])


class AssetTests(unittest.TestCase):
    def test_the_coin_behind_a_base_and_how_many_it_holds(self):
        for base, exchange, found in (
                ("XBT", "okx", ("BTC", 1)), ("1000PEPE", "binance", ("PEPE", 1000)), ("1000000MOG", "bybit", ("MOG", 1e6)),
                ("kBONK", "hyperliquid", ("BONK", 1000)), ("kBONK", "gate", ("KBONK", 1)), ("1MBABYDOGE", "okx", ("BABYDOGE", 1e6)),
                ("1000", "okx", ("1000", 1)), ("10005X", "okx", ("10005X", 1)), ("EDGE", "gate", ("DEFINITIVE", 1))):
            self.assertEqual(venues.find_asset(base, "crypto", exchange), found, (base, exchange))

    def test_what_is_no_coin_names_its_class(self):
        self.assertEqual(venues.find_asset("gold", "commodity", "okx"), ("commodity:XAU", 1))

    def test_numbers(self):
        self.assertEqual([venues.number(""), venues.number("0"), venues.positive("0"), venues.whole("0"), venues.whole("12")], [None, 0, None, None, 12])
        self.assertEqual(venues.minute(61_999), 60_000)


class ExchangeTests(unittest.TestCase):
    def test_peers_read_exchanges_of_this_project(self):
        ours = frame.exchanges_of(os.path.join(HERE, "../.."))
        self.assertLessEqual(set(EXCHANGES), set(ours))
        self.assertLessEqual(set(LATER), set(EXCHANGES))


if __name__ == "__main__":
    unittest.main()
