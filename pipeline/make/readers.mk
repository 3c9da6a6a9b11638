# Other people's tools, on the views and the staged files. Packages come from PyPI: not a part of CI.
.PHONY: test-readers
test-readers: $(BUILT) ## Read every view with DuckDB, Polars, pandas and sqlite3, and compare; run every block of pipeline/docs/reading.md; use a published copy
	@pipeline/test-readers.sh "$(or $(WAREHOUSE),$(DATA)/warehouse/market_history.db)" "$(or $(STAGED),$(DATA)/staged)" "$(BIN)"
