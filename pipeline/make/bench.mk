# Speed is measured here and asserted nowhere.
.PHONY: bench
bench: $(BUILT) ## Time raw to warehouse against the Python peer: DAYS (2) of the full market, ROUNDS (3)
	@Tests/Benchmarks/bench.sh
