# The venues' answers never join the demo's invented hours.
.PHONY: no-demo
no-demo:
	@if [ -e raw/.demo ] && [ -z "$${PERPS_BASE_URL:-}" ]; then \
	    echo "raw/ holds the demo's simulated hours: make demo-clean first" >&2; exit 64; fi

.PHONY: hourly
hourly: $(BUILT) no-demo ## Extract, transform, load, alert and report for HOUR, and what the last day left undone
	@pipeline/hourly.sh $(BIN) "$(HOUR)" $(VENUES)

.PHONY: extract
extract: $(BUILT) no-demo ## Ask the venues, and keep what they say in raw/
	$(BIN)/extract --hour "$(HOUR)" $(VENUES) $(ARGS)

.PHONY: plan
plan: $(BUILT) ## Say what extract would ask, without asking
	$(BIN)/extract --plan $(VENUES) $(ARGS)

.PHONY: load
load: $(BUILT) ## Load staged files of HOUR, or FROM to TO, into the warehouse
	$(BIN)/load $(SPAN) $(VENUES) $(ARGS)

.PHONY: stats
stats: $(BUILT) ## Print the statistics of the warehouse
	$(BIN)/report stats $(ARGS)

.PHONY: schedule
schedule: ## Print the crontab line and the systemd timer for this checkout
	@pipeline/schedule.sh
