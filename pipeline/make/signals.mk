# What the hours say: liquidations, strategies, alerts.
.PHONY: liquidations
liquidations: $(BUILT) ## Print the liquidations of the HOURS (24) until HOUR, of EXCHANGE, against VOLUME
	@$(BIN)/report liquidations --hours $${HOURS:-24} $(if $(EXCHANGE),--exchange "$(EXCHANGE)") \
	    $${HOUR:+--hour "$$HOUR"} $(if $(VOLUME),--volume '$(VOLUME)') $(ARGS)

# The recipe's environment has HOUR and HOURS only where somebody set them.
.PHONY: alerts
alerts: $(BUILT) ## Evaluate the strategies over the latest hour, or HOUR; send what is new (ARGS=--dry-run: only show)
	@$(BIN)/alert $${HOUR:+--hour "$$HOUR"} $(ARGS)

.PHONY: replay
replay: $(BUILT) ## Evaluate the strategies over FROM to TO, hour by hour, as known then; write nothing
	@$(if $(FROM),,echo "replay wants FROM= and TO=, such as FROM=2025-10-20T00 TO=2025-10-23T00" >&2; exit 64)
	@$(BIN)/alert --replay "$(FROM)" "$(or $(TO),$(FROM))" $(ARGS)

.PHONY: report
report: $(BUILT) ## Print the report of the latest hour, or HOUR (ARGS=--json, ARGS=--markdown)
	@$(BIN)/report hour $${HOUR:+--hour "$$HOUR"} $(ARGS)
