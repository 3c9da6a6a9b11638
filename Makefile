# Perpetual-futures pipeline: raw -> staged -> warehouse. `make` alone lists the goals.
SHELL         := bash
.SHELLFLAGS   := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:

BIN   := .build/release
BUILT := .build/.built
# The folder that holds raw/, staged/, warehouse/ and .env; the demo has its own. These three are for the command line
# only: names that an environment may use for something else.
DATA := $(if $(filter demo demo-clean test-readers test-page,$(MAKECMDGOALS)),.demo,.)
END  :=
NOW  :=
include pipeline/make/variables.mk

# What was asked for, in the programs' words; what was not is left to each of them, or is the current hour.
AT     := $(if $(HOUR),--hour "$(HOUR)")
ASKED  := $(if $(FROM),--from "$(FROM)" --to "$(TO)",$(AT))
HOUR   := $(or $(HOUR),$(shell date -u +%Y-%m-%dT%H))
SPAN   := $(or $(ASKED),--hour "$(HOUR)")
VENUES := $(if $(EXCHANGES),--exchanges "$(EXCHANGES)")
# Runs a program in the folder of data.
IN := pipeline/in.sh "$(DATA)" "$(BIN)"

include $(filter-out pipeline/make/variables.mk,$(wildcard pipeline/make/*.mk))

.PHONY: help
help: ## List the goals and the variables
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST) \
	    | if [ -t 1 ] && [ -z "$${NO_COLOR:-}" ]; then cat; else sed 's/\x1b\[[0-9;]*m//g'; fi
	@printf '\n  Variables, as in make hourly EXCHANGES=okx,bybit, and the goals that take them:\n\n'
	@printf '  %-19s %s\n                      %s\n' $(foreach v,$(VARIABLES),'$v' '$(about.$v)' '$(call takers,$v)')
	@printf '\n  Settings of pipeline/config.env and .env, for this once:\n\n'
	@printf '  %-21s %s\n' $(foreach v,$(SETTINGS),'$v' '$(call takers,$v)')
