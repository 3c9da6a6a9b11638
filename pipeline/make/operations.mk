# Keeping the pipeline in order. Days to keep come from the settings: RAW_DAYS, STAGED_DAYS, WAREHOUSE_DAYS.
BETWEEN := $(if $(FROM),--from $(FROM) --to $(or $(TO),$(FROM)))

.PHONY: gaps
gaps: $(BUILT) ## List the hours and venues that are missing, and why
	$(BIN)/report gaps $(BETWEEN) $(ARGS)

.PHONY: check
check: $(BUILT) ## Look for wrong data: queries whose rows are wrong; any error fails
	$(BIN)/report check $(BETWEEN) $(ARGS)

.PHONY: retain
retain: $(BUILT) ## Remove what is older than RAW_DAYS, STAGED_DAYS, WAREHOUSE_DAYS; DRY_RUN=1 only says what
	$(BIN)/retain $(if $(DRY_RUN),--dry-run) $(if $(FORCE),--force) $(ARGS)
