# Speed is measured here and asserted nowhere.
.PHONY: bench
bench: $(BUILT) ## Time raw to warehouse against Python, DuckDB and the limit: DAYS (4) of the full market, ROUNDS (3)
	@python3 Tests/Benchmarks/bench.py
