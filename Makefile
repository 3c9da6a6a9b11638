# Perpetual-futures pipeline: raw -> staged -> warehouse. `make` alone lists the goals.
SHELL         := bash
.SHELLFLAGS   := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:

BIN   := .build/release
BUILT := .build/.built
HOUR  := $(or $(HOUR),$(shell date -u +%Y-%m-%dT%H))
# HOUR=… for one hour; FROM=… TO=… for a span; EXCHANGES=okx,bybit for some venues.
VENUES := $(if $(EXCHANGES),--exchanges "$(EXCHANGES)")
SPAN   := $(if $(FROM),--from "$(FROM)" --to "$(or $(TO),$(FROM))",--hour "$(HOUR)")

include $(wildcard pipeline/make/*.mk)

.PHONY: help
help: ## List the goals
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST) \
	    | if [ -t 1 ] && [ -z "$${NO_COLOR:-}" ]; then cat; else sed 's/\x1b\[[0-9;]*m//g'; fi
	@echo
	@echo "  Variables: HOUR=2025-10-23T15, FROM= and TO= for a span of hours, EXCHANGES=okx,bybit, ARGS= for more"
