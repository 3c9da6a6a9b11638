# Speed is measured here and asserted nowhere.
.PHONY: bench
bench: $(BUILT) ## Time raw to warehouse against Python, DuckDB, the limit and the commit PEER, or the parts ONLY=hour,page: DAYS (4), ROUNDS (3)
	@PEER_FLAGS="$(BUILD_FLAGS)" DAYS="$(DAYS)" ROUNDS="$(ROUNDS)" PEER="$(PEER)" ONLY="$(ONLY)" \
	    python3 Tests/Benchmarks/bench.py

.PHONY: bench-record
bench-record: $(BUILT) ## Time the recorder: PART=alarm (from message to webhook), cpu (at 50 liquidations a second) or week (memory)
	@python3 Tests/Benchmarks/recorder.py $(or $(PART),alarm) $(if $(ROUNDS),--rounds $(ROUNDS)) --programs "$(BIN)" $(ARGS)

.PHONY: bench-history
bench-history: ## Print what make bench measured in this checkout and what was kept; KEEP=1 keeps the latest run of each part
	@KEEP="$(KEEP)" python3 Tests/Benchmarks/history.py
