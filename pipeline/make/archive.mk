# Staged files as targets. Only the hours asked for are listed; the archive is never scanned, and no rule makes a raw
# file, so that make can never delete one.
LISTED = $(or $(shell pipeline/hours.sh "$(or $(FROM),$(HOUR))" "$(or $(TO),$(HOUR))"),$(error transform wants a shorter span))
RAW    = $(wildcard $(foreach hour,$(subst T,/,$(LISTED)),raw/$(hour)/*.ndjson.gz))
STAGED = $(RAW:raw/%=staged/%)

staged/%.ndjson.gz: raw/%.ndjson.gz | $(BUILT)
	$(BIN)/transform $< --output $@

.PHONY: transform
ifneq ($(filter transform,$(MAKECMDGOALS)),)
transform: $(STAGED) ## Turn raw files of HOUR, or FROM to TO, into staged files
else
transform:
endif

.PHONY: reprocess
reprocess: $(BUILT) ## Make staged files and warehouse again from raw: HOUR, or FROM to TO, or everything
	@$(BIN)/reprocess $(ASKED) $(VENUES) $(if $(JOBS),--jobs "$(JOBS)") $(if $(FORCE),--force) $(ARGS)

.PHONY: prove
prove: $(BUILT) ## Say whether every derived table is equal to one made from raw
	@$(BIN)/reprocess --prove $(if $(JOBS),--jobs "$(JOBS)") $(ARGS)
