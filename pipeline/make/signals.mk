# What is made from the hours: liquidations, strategies, alerts.
.PHONY: liquidations
liquidations: $(BUILT) ## Print the liquidations of the HOURS (24) until HOUR, of EXCHANGE, against VOLUME; ARGS=--live asks now
	@$(IN) $(if $(filter --live,$(ARGS)),extract --liquidations $(if $(EXCHANGE),--exchanges "$(EXCHANGE)"),report \
	    liquidations --hours "$(or $(HOURS),24)" $(if $(EXCHANGE),--exchange "$(EXCHANGE)")) $(AT) \
	    $(if $(VOLUME),--volume '$(VOLUME)') $(filter-out --live,$(ARGS))

.PHONY: alerts
alerts: $(BUILT) ## Evaluate the strategies over the latest hour, or HOUR; send what is new; DRY_RUN=1 only shows it
	@$(IN) alert $(AT) $(if $(DRY_RUN),--dry-run) $(ARGS)

.PHONY: replay
replay: $(BUILT) ## Evaluate the strategies over FROM to TO, hour by hour, as known then; write nothing
	@$(if $(FROM),,echo "replay wants FROM= and TO=, such as FROM=2025-10-20T00 TO=2025-10-23T00" >&2; exit 64)
	@$(IN) alert --replay "$(FROM)" "$(TO)" $(ARGS)

.PHONY: backtest
backtest: $(BUILT) ## Test the alerts of all hours, or FROM to TO: what followed, what trading them left, how sure that is
	@$(IN) backtest $(if $(FROM),--from "$(FROM)" --to "$(TO)") $(if $(STRATEGIES),--strategies "$(STRATEGIES)") \
	    $(if $(ASSET),--asset "$(ASSET)") $(if $(DRY_RUN),--dry-run) --wait 600 $(ARGS)

.PHONY: forecasts
forecasts: $(BUILT) ## Print how good the funding forecasts of the last 90 days, or FROM to TO, were (ARGS=--json)
	@$(IN) report forecasts $(ASKED) $(ARGS)

.PHONY: report
report: $(BUILT) ## Print the report of the latest hour, or HOUR (ARGS=--json, ARGS=--markdown)
	@$(IN) report hour $(AT) $(ARGS)

.PHONY: weights
weights: $(BUILT) ## Try other weights of the sentiment's factors on the past: proposed or refused, with the evidence; nothing changes
	@$(IN) maintain weights --wait 60 $(if $(DRY_RUN),--dry-run) $(ARGS)

.PHONY: accept-weights
accept-weights: $(BUILT) ## Set the score of the proposed weights ID beside the model's; alerts go on as before
	@$(IN) maintain accept-weights "$(or $(ID),$(error name the proposal: make accept-weights ID=v2.w1a2b3c4d))" --wait 60

.PHONY: withdraw-weights
withdraw-weights: $(BUILT) ## Take the weights ID back: their score is no longer shown
	@$(IN) maintain withdraw-weights "$(or $(ID),$(error name the proposal: make withdraw-weights ID=v2.w1a2b3c4d))" --wait 60
