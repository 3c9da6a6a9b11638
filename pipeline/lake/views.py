"""What the lake holds: a folder a view, whose rows belong to hours.

`STAGED` is asked of SQLite, for some hours, in one transaction; `VIEWS` makes the rows of the lake from that in DuckDB.
{hours} stands for a condition on the column `hour`, {first} and {last} for the ends of the hours.
"""
from typing import NamedTuple

NAMED = "{0}.hour, h.hour_utc, {0}.exchange_id, e.name AS exchange"
PLACED = "JOIN w.hour AS h ON h.hour = {0}.hour AND h.sealed = 1"
LISTED = PLACED + " JOIN w.exchange AS e ON e.exchange_id = {0}.exchange_id"


class Staged(NamedTuple):
    """A table of the scratch database: its columns as SQLite declares them, and the query that fills it."""
    columns: str
    query: str


def with_hours(alias, columns, table, joins=LISTED):
    return f"SELECT {columns} FROM {table} AS {alias} {joins.format(alias)} WHERE {{hours:{alias}.}}"


TICKER = (
    "last_price REAL, mark_price REAL, index_price REAL, bid_price REAL, ask_price REAL, volume_base_24h REAL, "
    "volume_usd_24h REAL, open_interest_contracts REAL, open_interest_base REAL, open_interest_usd REAL, "
    "funding_rate REAL, funding_interval_hours REAL, next_funding_at_ms INTEGER, price_change_24h REAL, "
    "trades_24h INTEGER, observed_at_ms INTEGER")
INSTRUMENT = (
    "symbol TEXT, asset TEXT, asset_class TEXT, base TEXT, quote TEXT, settle TEXT, kind TEXT, contract TEXT, "
    "status TEXT, contract_multiplier REAL, unit_multiplier REAL, funding_interval_hours REAL, listed_at_ms INTEGER, "
    "class_stated INTEGER, core INTEGER")
PLACE = "hour INTEGER, hour_utc TEXT, exchange_id TEXT, exchange TEXT"


def names(columns):
    return [column.split()[0] for column in columns.split(", ")]


def listed(columns, alias=""):
    return ", ".join(alias + name for name in names(columns))


def of_view(name, columns, condition=""):
    """Rows of a view of the warehouse, as SQLite gives them."""
    return Staged(columns, f"SELECT {listed(columns)} FROM w.{name} WHERE {{hours:}}{condition}")


# An event is told soon, or after the longest silence of an exchange: the bounds, on the key of the tables, keep SQLite from
# reading the events of all years.
TOLD = " AND occurred_at_ms >= ({first} - 45 * 86400) * 1000 AND occurred_at_ms < ({last} + 86400) * 1000"


STAGED = {
    "ticker": Staged(
        f"hour INTEGER, listing_id INTEGER, {TICKER}",
        f"SELECT hour, listing_id, {listed(TICKER)} FROM w.ticker WHERE {{hours:}}"),
    "held_hour": Staged("hour INTEGER, hour_utc TEXT", "SELECT hour, hour_utc FROM w.hour WHERE {hours:}"),
    "list_hour": Staged(
        "exchange_id TEXT, hour INTEGER",
        "SELECT exchange_id, hour FROM w.exchange_hour WHERE instruments > 0 AND {hours:}"),
    "listing": Staged(
        "listing_id INTEGER, exchange_id TEXT, exchange TEXT, symbol TEXT, asset TEXT, asset_class TEXT, quote TEXT, "
        "kind TEXT, contract TEXT, unit_multiplier REAL, core INTEGER",
        """SELECT l.listing_id, l.exchange_id, e.name, l.symbol, l.asset, l.asset_class, l.quote, l.kind, l.contract,
            l.unit_multiplier, NOT EXISTS (
                SELECT 1 FROM w.instrument AS i WHERE i.exchange_id = l.exchange_id AND i.symbol = l.symbol AND i.core = 0)
        FROM w.listing AS l JOIN w.exchange AS e ON e.exchange_id = l.exchange_id"""),
    "instrument": Staged(
        f"exchange_id TEXT, exchange TEXT, valid_from INTEGER, valid_to INTEGER, {INSTRUMENT}",
        f"""SELECT i.exchange_id, e.name, i.valid_from, i.valid_to, {listed(INSTRUMENT, 'i.')}
        FROM w.instrument AS i JOIN w.exchange AS e ON e.exchange_id = i.exchange_id
        WHERE i.valid_from <= {{last}} AND (i.valid_to IS NULL OR i.valid_to > {{first}})"""),
    "long_short_ratios": of_view(
        "long_short_ratios",
        f"{PLACE}, symbol TEXT, asset TEXT, population TEXT, period TEXT, observed_at_ms INTEGER, ratio REAL, "
        "long_fraction REAL, short_fraction REAL"),
    "liquidations": of_view(
        "liquidations",
        f"{PLACE}, symbol TEXT, asset TEXT, side TEXT, price REAL, quantity_base REAL, value_usd REAL, "
        "occurred_at_ms INTEGER, id TEXT, quantity_contracts REAL", TOLD),
    "stream_liquidations": of_view(
        "stream_liquidations",
        f"{PLACE}, symbol TEXT, asset TEXT, side TEXT, price REAL, quantity_base REAL, value_usd REAL, "
        "occurred_at_ms INTEGER, id TEXT", TOLD),
    "liquidation_totals": of_view(
        "liquidation_totals",
        f"{PLACE}, symbol TEXT, asset TEXT, from_ms INTEGER, to_ms INTEGER, long_usd REAL, short_usd REAL, "
        "long_count INTEGER, short_count INTEGER"),
    # The rows of the view before it works out the interval: SQLite would ask what it is worked out from for each mention of it.
    # The row with the least hour gives the other columns. Statements of a settlement lie together, so that one pass finds it.
    "funding_settlements": Staged(
        f"{PLACE}, symbol TEXT, asset TEXT, settled_at_ms INTEGER, funding_rate REAL, stated_hours REAL, previous_ms INTEGER, "
        "known_hours REAL",
        f"""SELECT {NAMED.format("f")}, f.symbol, f.asset, f.settled_at_ms, f.funding_rate, f.funding_interval_hours, (
                SELECT p.settled_at_ms FROM w.funding_settlement AS p JOIN w.hour AS s ON s.hour = p.hour
                WHERE f.funding_interval_hours IS NULL AND p.settled_at_ms < f.settled_at_ms
                    AND p.settled_at_ms >= f.settled_at_ms - 86460000 AND p.exchange_id = f.exchange_id
                    AND p.symbol = f.symbol AND +s.sealed = 1
                ORDER BY p.settled_at_ms DESC LIMIT 1
            ), (
                SELECT i.hours FROM w.funding_interval AS i
                WHERE f.funding_interval_hours IS NULL AND i.exchange_id = f.exchange_id AND i.symbol = f.symbol
                    AND i.from_ms < f.settled_at_ms AND (i.until_ms IS NULL OR i.until_ms >= f.settled_at_ms)
                ORDER BY i.from_ms DESC LIMIT 1
            )
        FROM (
            SELECT f.settled_at_ms, f.exchange_id, f.symbol, min(f.hour) AS hour, f.asset, f.funding_rate, f.funding_interval_hours
            FROM w.funding_settlement AS f CROSS JOIN w.hour AS s ON s.hour = f.hour AND +s.sealed = 1
            WHERE f.settled_at_ms >= (
                    SELECT min(settled_at_ms) FROM w.funding_settlement WHERE hour BETWEEN {{first}} AND {{last}})
                AND f.settled_at_ms <= (
                    SELECT max(settled_at_ms) FROM w.funding_settlement WHERE hour BETWEEN {{first}} AND {{last}})
            GROUP BY f.settled_at_ms, f.exchange_id, f.symbol
            HAVING min(f.hour) BETWEEN {{first}} AND {{last}}
        ) AS f
        JOIN w.hour AS h ON h.hour = f.hour
        JOIN w.exchange AS e ON e.exchange_id = f.exchange_id"""),
    "exchange_hours": of_view(
        "exchange_hours",
        f"{PLACE}, exchange_type TEXT, status TEXT, reason TEXT, cause TEXT, absent_since INTEGER, volume_usd REAL, "
        "usual_volume_usd REAL, open_interest_usd REAL, usual_open_interest_usd REAL, open_interest_whole INTEGER, "
        "volume_whole INTEGER, volume_markets INTEGER, open_interest_markets INTEGER, oi_vol_ratio REAL, "
        "funding_8h_percent REAL, price_change_percent REAL, long_fraction_btc REAL, long_fraction_eth REAL, "
        "oi_coverage REAL, funding_coverage REAL, price_coverage REAL, markets INTEGER, other_markets INTEGER, "
        "trades_24h INTEGER"),
    "exchange_class_totals": of_view(
        "exchange_class_totals",
        f"{PLACE}, asset_class TEXT, markets INTEGER, volume_usd REAL, open_interest_usd REAL, core INTEGER"),
    # The rows of all models: the view of the warehouse has those of one.
    "market_hours": Staged(
        "hour INTEGER, hour_utc TEXT, model TEXT, status TEXT, composite_score REAL, sentiment TEXT, strength TEXT, "
        "total_volume REAL, total_volume_reported REAL, volume_carried_usd REAL, volume_change_24h REAL, "
        "volume_coverage REAL, volume_missing INTEGER, total_oi REAL, total_oi_reported REAL, oi_carried_usd REAL, "
        "oi_change_24h REAL, oi_coverage REAL, oi_missing INTEGER, compared_exchanges INTEGER, carried_age_h INTEGER, "
        "exchanges_count INTEGER, exchanges_expected INTEGER, exchanges_unknown INTEGER, cex_volume REAL, "
        "dex_volume REAL, oi_vol_ratio REAL, funding_percent REAL, price_change_percent REAL, "
        "funding_divergence_percent REAL, long_fraction REAL, oi_growth_1h REAL, oi_growth_24h REAL, "
        "mark_change_1h REAL, funding_coverage REAL, price_coverage REAL, coverage REAL, quality REAL, "
        "confidence REAL, flags TEXT",
        with_hours("m", """
            m.hour, h.hour_utc, m.model, m.status, m.composite_score, m.sentiment, m.strength, m.total_volume,
            m.total_volume_reported, m.volume_carried_usd, m.volume_change_24h, m.volume_coverage, m.volume_missing,
            m.total_oi, m.total_oi_reported, m.oi_carried_usd, m.oi_change_24h, m.oi_coverage, m.oi_missing,
            m.compared_exchanges, m.carried_age_h, m.exchanges_count, m.exchanges_expected, m.exchanges_unknown,
            m.cex_volume, m.dex_volume, m.oi_vol_ratio, m.funding_rate, m.price_change, m.funding_divergence,
            m.long_pct, m.oi_growth_1h, m.oi_growth_24h, m.mark_change_1h, m.funding_coverage, m.price_coverage,
            m.coverage, m.quality, m.confidence, m.flags""", "w.market_summary", PLACED)),
    "model_scores": Staged(
        "hour INTEGER, hour_utc TEXT, model TEXT, factor TEXT, score REAL, quality REAL, weight REAL",
        with_hours("s", "s.hour, h.hour_utc, s.model, s.factor, s.score, s.quality, s.weight", "w.model_score", PLACED)),
    "liquidation_hours": Staged(
        f"{PLACE}, truth TEXT, long_usd REAL, short_usd REAL, total_usd REAL, count INTEGER, oi_share REAL, "
        "seed_cascade_score REAL, cascade_score REAL, flags TEXT, heard_share REAL",
        with_hours("l", NAMED.format("l") + """, l.truth, l.long_usd, l.short_usd, l.total_usd, l.count, l.oi_share,
            l.seed_cascade_score, l.cascade_score, l.flags, l.heard_share""", "w.liquidation_summary")),
}


def of_exchange(name):
    """A table with the rows of the exchange that `of_exchange` names."""
    columns, query = STAGED[name]
    return Staged(columns, f"SELECT * FROM ({query}) WHERE exchange_id = (SELECT exchange_id FROM main.of_exchange)")


def of_listings(hours):
    """A table with tickers of the exchange: their key is the hour, then the contract."""
    return Staged(
        STAGED["ticker"].columns,
        f"""SELECT t.hour, t.listing_id, {listed(TICKER, 't.')}
        FROM w.hour AS h CROSS JOIN main.listing_run AS r
        CROSS JOIN w.ticker AS t ON t.hour = h.hour AND t.listing_id BETWEEN r.first AND r.last WHERE {hours}""")


# The same for one exchange.
OF_EXCHANGE = {
    # The numbers of its contracts, as runs of numbers one after the other.
    "listing_run": Staged(
        "first INTEGER, last INTEGER",
        """SELECT min(listing_id), max(listing_id) FROM (
            SELECT listing_id, listing_id - row_number() OVER (ORDER BY listing_id) AS run
            FROM w.listing WHERE exchange_id = (SELECT exchange_id FROM main.of_exchange)
        ) GROUP BY run"""),
    "ticker": of_listings("{hours:h.}"),
    # Rows from which it is seen how many decimals the numbers of a contract have.
    "ticker_sample": of_listings("{hours:h.} AND h.hour % 86400 = 0"),
    "held_hour": STAGED["held_hour"],
    **{name: of_exchange(name) for name in ("list_hour", "listing", "instrument")},
}


class View(NamedTuple):
    """A folder of the lake."""
    staged: tuple   # the tables that its rows are made from
    rows: str       # a query of DuckDB for its rows, from schema `fresh`
    order: str      # the order of its rows, in which no two are alike
    event: tuple = ()  # what names an event that several hours may tell: the earliest hour has it; empty for other rows


def as_staged(name, order, event=()):
    return View((name,), f"SELECT * FROM fresh.{name}", order, event)


EVENT = ("exchange_id", "symbol", "occurred_at_ms", "side", "price", "quantity_base", "id", "quantity_contracts")

# The expressions are those of the view `tickers`, operation by operation.
TICKERS = """
SELECT
    t.hour, h.hour_utc, l.exchange_id, l.exchange, l.symbol, l.asset, l.asset_class, l.quote, l.kind, l.contract,
    l.unit_multiplier, t.last_price, t.mark_price, t.index_price, t.bid_price, t.ask_price, t.volume_base_24h,
    t.volume_usd_24h, t.open_interest_contracts, t.open_interest_base, t.open_interest_usd, t.funding_rate,
    t.funding_interval_hours, t.funding_rate * 8.0::DOUBLE / nullif(t.funding_interval_hours, 0) AS funding_rate_8h,
    100.0::DOUBLE * (t.funding_rate * 8760.0::DOUBLE / nullif(t.funding_interval_hours, 0)) AS funding_apr,
    t.next_funding_at_ms, t.price_change_24h, t.trades_24h, t.observed_at_ms, l.core
FROM fresh.ticker AS t
JOIN fresh.held_hour AS h ON h.hour = t.hour
JOIN fresh.listing AS l ON l.listing_id = t.listing_id"""

INSTRUMENTS = f"""
SELECT x.hour, h.hour_utc, i.exchange_id, i.exchange, {listed(INSTRUMENT, 'i.')}
FROM fresh.instrument AS i
JOIN fresh.list_hour AS x
    ON x.exchange_id = i.exchange_id AND x.hour >= i.valid_from AND x.hour < coalesce(i.valid_to, 9223372036854775807)
JOIN fresh.held_hour AS h ON h.hour = x.hour"""

# As the view `funding_settlements` does.
SETTLEMENTS = """
SELECT hour, hour_utc, exchange_id, exchange, symbol, asset, settled_at_ms, funding_rate, funding_interval_hours, interval_stated,
    funding_rate * 8760.0::DOUBLE / funding_interval_hours AS funding_rate_annualized,
    100.0::DOUBLE * (funding_rate * 8760.0::DOUBLE / funding_interval_hours) AS funding_apr
FROM (
    SELECT *, CASE
            WHEN interval_stated = 1 THEN stated_hours
            WHEN distance_hours IS NULL OR known_hours < distance_hours THEN known_hours
            ELSE distance_hours
        END AS funding_interval_hours
    FROM (
        SELECT *, CASE WHEN stated_hours IS NULL THEN 0::BIGINT ELSE 1::BIGINT END AS interval_stated,
            CASE
                WHEN settled_at_ms - previous_ms BETWEEN 3540000 AND 3660000 THEN 1.0::DOUBLE
                WHEN settled_at_ms - previous_ms BETWEEN 7140000 AND 7260000 THEN 2.0::DOUBLE
                WHEN settled_at_ms - previous_ms BETWEEN 14340000 AND 14460000 THEN 4.0::DOUBLE
                WHEN settled_at_ms - previous_ms BETWEEN 28740000 AND 28860000 THEN 8.0::DOUBLE
                WHEN settled_at_ms - previous_ms BETWEEN 43140000 AND 43260000 THEN 12.0::DOUBLE
                WHEN settled_at_ms - previous_ms BETWEEN 86340000 AND 86460000 THEN 24.0::DOUBLE
            END AS distance_hours
        FROM fresh.funding_settlements))"""

VIEWS = {
    "tickers": View(
        ("ticker", "held_hour", "listing"), TICKERS,
        "exchange_id, symbol, hour, asset, asset_class, quote, kind, contract, unit_multiplier, observed_at_ms, last_price"),
    "instruments": View(("instrument", "list_hour", "held_hour"), INSTRUMENTS, "exchange_id, symbol, hour"),
    "long_short_ratios": as_staged(
        "long_short_ratios", "exchange_id, symbol, population, period, observed_at_ms, hour",
        ("exchange_id", "symbol", "population", "period", "observed_at_ms")),
    "liquidations": as_staged(
        "liquidations",
        "exchange_id, symbol, hour, occurred_at_ms, side, price, quantity_base, id, value_usd, asset, quantity_contracts",
        EVENT),
    "stream_liquidations": as_staged(
        "stream_liquidations",
        "exchange_id, symbol, hour, occurred_at_ms, side, price, quantity_base, id, value_usd, asset", EVENT[:-1]),
    "liquidation_totals": as_staged(
        "liquidation_totals", "exchange_id, symbol, from_ms, to_ms, hour", ("exchange_id", "symbol", "from_ms", "to_ms")),
    "funding_settlements": View(
        ("funding_settlements",), SETTLEMENTS, "exchange_id, symbol, settled_at_ms, hour",
        ("exchange_id", "symbol", "settled_at_ms")),
    "exchange_hours": as_staged("exchange_hours", "exchange_id, hour"),
    "exchange_class_totals": as_staged("exchange_class_totals", "exchange_id, asset_class, core, hour"),
    "market_hours": as_staged("market_hours", "model, hour"),
    "model_scores": as_staged("model_scores", "model, factor, hour"),
    "liquidation_hours": as_staged("liquidation_hours", "exchange_id, hour"),
}
