# The pages in a browser, for which packages come from PyPI: not a part of CI.
.PHONY: test-page
test-page: $(BUILT) ## Open, read, click and print the demo's pages in headless Chromium, by pointer and keyboard, with and without JavaScript
	@CHROMIUM="$(CHROMIUM)" pipeline/test-page.sh "$(BIN)" "$(DATA)" $(ARGS)
