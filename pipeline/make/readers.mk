# Other people's tools, on the views and the staged files. Packages come from PyPI: not a part of CI.
.PHONY: test-readers
test-readers: ## Read every view with DuckDB, Polars, pandas, sqlite3 and compare; run every call of docs/reading.md
	@pipeline/test-readers.sh "$(or $(WAREHOUSE),$(DATA)/warehouse/market_history.db)" "$(or $(STAGED),$(DATA)/staged)"
