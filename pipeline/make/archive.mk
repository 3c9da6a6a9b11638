.PHONY: transform
transform: $(BUILT) ## Turn raw files of HOUR, or FROM to TO, or with HISTORY=1 what backfill asked for, into staged files
	@$(IN) transform $(if $(HISTORY),--history $(ASKED),$(SPAN)) $(VENUES) $(if $(JOBS),--jobs "$(JOBS)") $(ARGS)

# A staged file as a target. No rule makes a raw file, so that make can never delete one.
staged/%.ndjson.gz: raw/%.ndjson.gz | $(BUILT)
	$(BIN)/transform $< --output $@

.PHONY: reprocess
reprocess: $(BUILT) ## Make staged files and warehouse again from raw: HOUR, or FROM to TO, or everything
	@$(IN) reprocess $(ASKED) $(VENUES) $(if $(JOBS),--jobs "$(JOBS)") $(if $(FORCE),--force) $(ARGS)

.PHONY: prove
prove: $(BUILT) ## Say whether every derived table is equal to one made from raw
	@$(IN) reprocess --prove $(if $(JOBS),--jobs "$(JOBS)") $(ARGS)
