# The Debian package, the notices of licences, and the pictures.
PROGRAMS := $(shell cat pipeline/programs)

.PHONY: deb
deb: $(BUILT) ## Make the Debian package of the programs of BIN, into .build/deb
	@pipeline/packaging/deb.sh $(BIN)

# As root, with debootstrap and a mirror: not a part of CI.
.PHONY: test-deb
test-deb: deb ## Install, run and remove the package in fresh Debian systems: SUITES (bookworm trixie)
	@pipeline/packaging/test-deb.sh .build/deb/perps-warehouse_*.deb $(BIN) $(SUITES)

.PHONY: notices
notices: $(BUILT) ## Write pipeline/packaging/NOTICES from the licences of the packages in CHECKOUTS (.build/checkouts)
	@python3 -B pipeline/packaging/notices.py "$(or $(CHECKOUTS),.build/checkouts)"

.PHONY: picture
picture: $(BUILT) ## Draw the pictures of the README and the architecture page, from the demo's report and the sources
	@pipeline/docs/pictures/make.sh $(BIN)
