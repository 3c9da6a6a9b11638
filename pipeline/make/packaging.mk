# The Debian package, the notices of licences, and the pictures.
PROGRAMS := $(shell cat pipeline/programs)

# The programs of the package bring Swift's own libraries with them: a build of its own.
DEB_BUILD := .build-deb
DEB_BIN   := $(if $(filter command line,$(origin BIN)),$(BIN),$(DEB_BUILD)/release)

.PHONY: deb
deb: $(BUILT) ## Make the Debian package, into .build/deb: of the programs of BIN, or of ones with all of Swift in them
	$(if $(filter command line,$(origin BIN)),,swift build -c release --static-swift-stdlib --scratch-path $(DEB_BUILD))
	@pipeline/packaging/deb.sh $(DEB_BIN)

# As root, with debootstrap and a mirror: not a part of CI.
.PHONY: test-deb
test-deb: deb ## Install, run and remove the package in fresh Debian systems: SUITES (bookworm trixie)
	@pipeline/packaging/test-deb.sh .build/deb/perps-warehouse_*.deb $(DEB_BIN) $(SUITES)

.PHONY: notices
notices: $(BUILT) ## Write pipeline/packaging/NOTICES from the licences of the packages in CHECKOUTS (.build/checkouts)
	@python3 -B pipeline/packaging/notices.py "$(or $(CHECKOUTS),.build/checkouts)"

.PHONY: picture
picture: $(BUILT) ## Draw the pictures of the README and the architecture page, from the demo's report and the sources
	@pipeline/docs/pictures/make.sh $(BIN)
