# Keeping the pipeline in order. Days to keep come from the settings: RAW_DAYS, STAGED_DAYS, WAREHOUSE_DAYS, HISTORY_DAYS.
.PHONY: gaps
gaps: $(BUILT) ## List the hours and exchanges that are missing, and why: all of them, or HOUR, or FROM to TO
	@$(IN) report gaps $(ASKED) $(ARGS)

.PHONY: explain
explain: $(BUILT) ## Say where a number comes from, down to the bytes: WHAT="binance BTCUSDT funding 2025-10-23T15"
	@$(IN) explain $(if $(WHAT),'$(subst ','\'',$(WHAT))',--help) $(ARGS)

.PHONY: page
page: $(BUILT) ## Write the pages of HOUR, or of the latest sealed one, into warehouse/page, or OUTPUT
	@$(IN) page $(AT) $(if $(filter-out .,$(DATA)),--data "$(DATA)") $(if $(OUTPUT),--output "$(OUTPUT)") $(ARGS)

.PHONY: check
check: $(BUILT) ## Look for wrong data in the last seven days, or HOUR, or FROM to TO; any error fails
	@$(IN) maintain check $(ASKED) $(if $(DRY_RUN),--dry-run) $(ARGS)

.PHONY: retain
retain: $(BUILT) no-demo ## Remove what is older than RAW_DAYS, STAGED_DAYS, WAREHOUSE_DAYS, HISTORY_DAYS; DRY_RUN=1 only says what
	@$(IN) retain $(if $(DRY_RUN),--dry-run) $(if $(FORCE),--force) --wait 600 $(ARGS)

.PHONY: daily
daily: programs no-demo ## A day's work: a backup (the last 7 stay), retain, check; DRY_RUN=1 only says what
	@pipeline/daily.sh "$(BIN)" "$(DATA)" $(if $(DRY_RUN),--dry-run)

.PHONY: backup
backup: $(BUILT) ## Copy the warehouse to OUTPUT, or warehouse/backup, while the pipeline runs
	@$(IN) maintain backup $(if $(OUTPUT),--output "$(OUTPUT)") $(ARGS)

.PHONY: publish
publish: programs ## Write a copy for Datasette, Grafana, DuckDB and notebooks to warehouse/page, or FOLDER, while the pipeline runs
	@$(IN) maintain publish $(if $(FOLDER),--folder "$(FOLDER)") $(ARGS)

# Without a build, whose words would be among the rows.
.PHONY: export
export: programs ## Print the rows of VIEW: all, or HOUR, or FROM to TO, as FORMAT=csv, json or (after setup-lake) parquet
	@$(if $(filter parquet,$(FORMAT)),$(IN_LAKE) ask --export,$(IN) report export) '$(subst ','\'',$(or $(VIEW),$(error name a view or table: make export VIEW=tickers)))' $(ASKED) \
	    $(if $(filter-out parquet,$(FORMAT)),--format "$(FORMAT)") $(ARGS)

.PHONY: restore
restore: $(BUILT) ## Bring the copy BACKUP back in place of the warehouse
	@$(IN) maintain restore "$(or $(BACKUP),$(error name the copy: make restore BACKUP=warehouse/backup/…))" --wait 600 $(ARGS)

# Without the stamp: in a checkout in which nothing is built, this says so.
.PHONY: doctor
doctor: ## Say what is missing, stale, failing or full, and what to do about it
	@if [ ! -x $(BIN)/doctor ]; then echo "ERROR  programs  nothing is built"; \
	    echo "                 -> make setup build"; exit 69; fi
	@$(IN) doctor $(ARGS)
