import Explainers

ExplainProgram.main()
