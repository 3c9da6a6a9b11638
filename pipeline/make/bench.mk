# Speed is measured here and asserted nowhere.
.PHONY: bench
bench: $(BUILT) ## Time raw to warehouse against Python, DuckDB, the limit and the commit PEER (ONLY=peer): DAYS (4), ROUNDS (3)
	@PEER_FLAGS="-c release $(STATIC)" DAYS="$(DAYS)" ROUNDS="$(ROUNDS)" PEER="$(PEER)" ONLY="$(ONLY)" \
	    python3 Tests/Benchmarks/bench.py
