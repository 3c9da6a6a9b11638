# Responses of real exchanges never join simulated hours.
.PHONY: no-demo
no-demo:
	@pipeline/no-demo.sh "$(DATA)"

# For what a schedule runs: programs as they are already built, and never a build, which takes a while and a compiler.
.PHONY: programs
programs:
	@for program in $(PROGRAMS); do [ -x "$(BIN)/$$program" ] || { \
	    echo "there is no $(BIN)/$$program: make build" >&2; exit 69; }; done
	@if [ ! -e $(BUILT) ] || [ -n "$$(find Package.swift $(SOURCE_FOLDERS) -type f -newer $(BUILT) 2>/dev/null)" ]; then \
	    echo "built before the last change: make build when convenient" >&2; fi

.PHONY: hourly
hourly: programs no-demo ## Extract, transform, load, alert and report for HOUR, and what the last day left undone
	@pipeline/hourly.sh "$(BIN)" "$(DATA)" "$(HOUR)" "$(NOW)" $(VENUES)

.PHONY: extract
extract: $(BUILT) no-demo ## Request the hour from the exchanges, and keep their responses in raw/
	@$(IN) extract --hour "$(HOUR)" $(VENUES) $(ARGS)

.PHONY: backfill
backfill: $(BUILT) no-demo ## Ask the exchanges for FROM to TO, or for hours that nobody recorded; then transform and load
	@$(IN) backfill $(if $(FROM),--from "$(FROM)" --to "$(TO)") $(VENUES) $(if $(ASSETS),--assets "$(ASSETS)") \
	    $(if $(DATASETS),--datasets "$(DATASETS)") $(if $(CALLS),--calls "$(CALLS)") $(if $(PLAN),--plan) $(ARGS)
	@$(if $(PLAN),true,$(IN) transform --history)
	@$(if $(PLAN),true,$(IN) load --history --wait 600)

.PHONY: record
record: programs no-demo ## Listen to the exchanges' streams of liquidations, and keep what they say, until it is ended; ARGS=--alarm alerts at once
	@MALLOC_ARENA_MAX=2 $(IN) record $(VENUES) $(ARGS)

.PHONY: plan
plan: $(BUILT) ## Print the calls that extract would make, without making any
	@$(IN) extract --plan $(VENUES) $(ARGS)

.PHONY: load
load: $(BUILT) ## Load staged files of HOUR, or FROM to TO, or with HISTORY=1 what backfill asked for, into the warehouse
	@$(IN) load $(if $(HISTORY),--history $(ASKED),$(SPAN)) $(VENUES) $(ARGS)

.PHONY: stats
stats: $(BUILT) ## Print the statistics of the warehouse: all of it, or HOUR, or FROM to TO
	@$(IN) report stats $(ASKED) $(ARGS)

.PHONY: schedule
schedule: no-demo ## Print the crontab line and the systemd timer for this checkout
	@pipeline/schedule.sh "$(DATA)"
