# `transform` on a cluster of Apache Spark. Packages come from PyPI: not a part of CI. See pipeline/docs/cluster.md.
CLUSTER := .build-cluster/venv

.PHONY: setup-cluster
setup-cluster: ## Install Apache Spark for Python into .build-cluster; it wants Java 17 or later
	@command -v java >/dev/null || { echo "setup-cluster: there is no java: install Java 17 or later" >&2; exit 69; }
	@[ -x $(CLUSTER)/bin/python ] || python3 -m venv $(CLUSTER)
	@$(CLUSTER)/bin/python -m pip -q --disable-pip-version-check install -r pipeline/spark/requirements.txt

.PHONY: cluster-test
cluster-test: $(BUILT) ## Spark's job on simulated days: an executor is killed, files are bad, children die; equal to make transform
	@[ -x $(CLUSTER)/bin/python ] || { echo "cluster-test: run make setup-cluster" >&2; exit 69; }
	@python3 Tests/Cluster/cluster.py "$(BIN)" "$(abspath $(CLUSTER))/bin/python"
