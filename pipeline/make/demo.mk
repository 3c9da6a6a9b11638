# The demo's hours are invented: they are in a folder of their own, and extract marks them with raw/.simulated, so that
# they are never mixed with real ones.
# The first goal that a newcomer runs: it says what it installs, and installs it.
.PHONY: ready
ready:
	@pipeline/setup.sh

.PHONY: demo
demo: ready $(BUILT) ## Three simulated days of all exchanges, the last 12 h over HTTP, through the real programs, until the last full hour or END
	@pipeline/demo.sh "$(BIN)" "$(DATA)" "$(END)"

.PHONY: world
world: $(BUILT) ## A simulated year (DAYS) of few COINS (5) in FOLDER, in which the price predicts a day ahead, or another WORLD
	@WORLD="$(WORLD)" COINS="$(COINS)" EXCHANGES="$(EXCHANGES)" SEED="$(SEED)" pipeline/world.sh "$(BIN)" \
	    "$(or $(FOLDER),$(error name a folder that is not there: make world FOLDER=/tmp/factor))" $(DAYS)

.PHONY: demo-clean
demo-clean: ## Remove the demo, or the simulated hours of another folder DATA
	@$(if $(filter .demo,$(DATA)),rm -rf .demo,pipeline/demo-clean.sh "$(DATA)")
