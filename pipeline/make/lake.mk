# The lake: Parquet of the sealed hours beside the warehouse, by DuckDB from PyPI. Nothing else needs it.
LAKE := .build/lake
IN_LAKE := pipeline/lake/lake.sh "$(DATA)" "$(LAKE)"

.PHONY: setup-lake
setup-lake: ## Install DuckDB for the lake, from PyPI
	@pipeline/lake/setup.sh "$(LAKE)"

.PHONY: lake
lake: ## Write the sealed hours that changed into warehouse/lake: all months, or those of FROM to TO
	@$(IN_LAKE) write $(if $(FROM),--from "$(FROM)" --to "$(TO)") $(ARGS)

.PHONY: ask
ask: ## Ask the lake and the newest hours: SQL='SELECT ...', FORMAT=table, csv or json
	@$(IN_LAKE) ask --sql '$(subst ','\'',$(or $(SQL),$(error give a question: make ask SQL='SELECT max(hour) FROM tickers')))' \
	    $(if $(FORMAT),--format "$(FORMAT)") $(ARGS)

.PHONY: shell
shell: ## Ask the lake and the newest hours, one question after the other
	@$(IN_LAKE) ask --shell $(ARGS)

.PHONY: test-lake
test-lake: $(BUILT) setup-lake ## Test the lake with DuckDB: that it is right, also when it is killed and when hours go
	@"$(LAKE)/bin/python" Tests/Lake/run.py --bin "$(BIN)" $(ARGS)
