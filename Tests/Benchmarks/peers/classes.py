"""Which class an asset is of, for the peers: the rules of `AssetClasses.swift`.

The words of the exchanges stand here again, and in the queries of DuckDB. The list of names that no word tells is
data, and is read from that file.
"""
import functools
import os
import re

SOURCE = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "../../../Sources/ExchangeAdapters/AssetClasses.swift")
# Assets that are no coin on any exchange, whatever its fields say or leave out.
METALS = frozenset(("XAU", "XAG", "XPT", "XPD"))
BINANCE = {
    "COIN": "crypto", "EQUITY": "stock", "ETF": "stock", "STOCK": "stock", "COMMODITY": "commodity",
    "METAL": "commodity", "FX": "fx", "FOREX": "fx", "CURRENCY": "fx",
}
# Of a kind of Binance: what it is among contracts of traditional assets, and what among coins.
BINANCE_BY_CONTRACT = {"": ("other", "crypto"), "INDEX": ("index", "crypto"), "PREMARKET": ("stock", "crypto")}
ASTER = (
    ("stock", {"STOCK", "ETF"}), ("commodity", {"RWA", "COMMODITY", "METAL"}), ("fx", {"FOREX", "FX"}),
)
OKX = {"": "crypto", "1": "crypto", "3": "stock", "4": "commodity", "5": "fx"}
BYBIT = {
    "": "crypto", "innovation": "crypto", "adventure": "crypto", "stock": "stock", "stocks": "stock",
    "xstocks": "stock", "etf": "stock", "commodity": "commodity", "metal": "commodity", "index": "index",
    "forex": "fx", "fx": "fx",
}
GATE = {
    "": "crypto", "stocks": "stock", "etf": "stock", "metals": "commodity", "commodities": "commodity",
    "indices": "index", "forex": "fx",
}


def binance(row):
    kind = row.get("underlyingType") or ""
    if kind in BINANCE_BY_CONTRACT:
        traditional, coin = BINANCE_BY_CONTRACT[kind]
        return traditional if (row.get("contractType") or "").startswith("TRADIFI") else coin
    return BINANCE.get(kind, "other")


def aster(row):
    kinds = row.get("underlyingSubType") or ()
    for asset_class, words in ASTER:
        if not words.isdisjoint(kinds):
            return asset_class
    if not float(row.get("symbolType") or 0):
        return "crypto"
    return "index" if "INDEX" in kinds else "other"


def okx(row):
    return OKX.get(row.get("instCategory") or "", "other")


def bybit(row):
    return BYBIT.get((row.get("symbolType") or "").lower(), "other")


def gate(row):
    return GATE.get(row.get("contract_type") or "", "other")


def bitget(row):
    if (row.get("isRwa") or "").upper() != "YES":
        return "crypto"
    return named().get(row["baseCoin"], "other")


@functools.cache
def named():
    """The classes of what only a name tells."""
    with open(SOURCE) as file:
        lists = re.findall(r'add\(\s*"+([^"]+)"+, \.(\w+)\)', file.read())
    found = {name: asset_class for names, asset_class in lists for name in names.replace("\\", " ").split()}
    if len({*found.values()}) < 4:
        raise SystemExit(f"classes: {SOURCE} no longer lists its names as expected")
    return found
