# The demo's hours are invented. raw/.demo marks them, so that they are never mixed with real ones.
.PHONY: demo
demo: $(BUILT) ## Three simulated days of eight exchanges through the real programs
	@pipeline/demo.sh

.PHONY: demo-clean
demo-clean: ## Remove what the demo made
	@if [ -e raw/.demo ]; then rm -rf raw/.demo raw/2* staged/2* warehouse/market_history.db*; fi
