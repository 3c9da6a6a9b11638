# The demo's hours are invented. extract marks them with raw/.simulated (earlier demos: raw/.demo), so that they are never
# mixed with real ones.
.PHONY: demo
demo: $(BUILT) ## Three simulated days of eight exchanges through the real programs
	@pipeline/demo.sh

.PHONY: demo-clean
demo-clean: ## Remove what the demo made
	@if [ -e raw/.simulated ] || [ -e raw/.demo ]; then rm -rf raw/.simulated raw/.demo raw/.state raw/2* staged/2* warehouse/market_history.db*; fi
